# cmake -DSOURCES=s -DLIBRARIES=l -DFOLDER=f -P pack.cmake: packs the page of folder s with the libraries of folder l, and
# writes f/page_files.cpp, which holds it. Without s/main.js it is a plain page.

cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/bundle.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../../configs/embed.cmake)
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_txt "text/plain; charset=utf-8")

set(files ${FOLDER}/index.html)
if(EXISTS ${SOURCES}/main.js)
    bundle(${SOURCES} main ${FOLDER}/page.js)
    file(GLOB styles ${LIBRARIES}/*.css ${SOURCES}/*.css)
    foreach(style ${styles})
        file(READ ${style} text)
        file(APPEND ${FOLDER}/page.css "${text}")
    endforeach()
    file(GLOB libraries ${LIBRARIES}/*.js ${SOURCES}/view.js)
    file(GLOB others ${LIBRARIES}/*.txt ${SOURCES}/*.svg)
    list(APPEND files ${FOLDER}/page.js ${FOLDER}/page.css ${libraries} ${others})
    list(FILTER libraries EXCLUDE REGEX "/uplot.js$")  # plots ask for it
endif()

# They are asked for at once, not one after the import of another.
foreach(library ${libraries})
    get_filename_component(name ${library} NAME)
    string(APPEND preloads "<link rel=\"modulepreload\" href=\"/page/${name}\">\n")
endforeach()
file(READ ${SOURCES}/index.html text)
string(REPLACE "<!-- libraries -->\n" "${preloads}" text "${text}")
file(WRITE ${FOLDER}/index.html "${text}")

set(objects "")
set(rows "")
set(number 0)
foreach(source ${files})
    get_filename_component(name ${source} NAME)
    get_filename_component(ending ${source} LAST_EXT)
    string(SUBSTRING ${ending} 1 -1 ending)
    file(SHA256 ${source} tag)
    string(SUBSTRING ${tag} 0 16 tag)
    set(packed ${FOLDER}/${name}.gz)
    execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)  # without the time of packing
    embed(file_${number} ${packed} objects)
    string(APPEND rows "        {\"${name}\", \"${types_${ending}}\", \"${tag}\",\n"
        "         {file_${number}, static_cast<std::size_t>(file_${number}_end - file_${number})}},\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${FOLDER}/page_files.cpp "#include \"emulator/page/page_files.h\"

extern \"C\" {
${objects}}

namespace emulator::page {

std::span<const File> files() {
    static const File kFiles[] = {
${rows}    };
    return kFiles;
}

}  // namespace emulator::page
")
