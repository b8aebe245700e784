# cmake -DSOURCES=a|b -DFOLDER=f -P pack.cmake: packs files, and writes f/page_files.cpp, which holds them.

string(REPLACE "|" ";" SOURCES "${SOURCES}")
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_txt "text/plain; charset=utf-8")

# All modules are asked for at once, not one after the import of another.
foreach(source ${SOURCES})
    get_filename_component(name ${source} NAME)
    if(name MATCHES "\\.js$")
        string(APPEND preloads "<link rel=\"modulepreload\" href=\"/page/${name}\">\n")
    endif()
endforeach()

set(objects "")
set(rows "")
set(number 0)
foreach(source ${SOURCES})
    get_filename_component(name ${source} NAME)
    get_filename_component(ending ${source} LAST_EXT)
    string(SUBSTRING ${ending} 1 -1 ending)
    if(name STREQUAL "index.html")
        file(READ ${source} text)
        string(REPLACE "<!-- modules -->\n" "${preloads}" text "${text}")
        set(source ${FOLDER}/index.html)
        file(WRITE ${source} "${text}")
    endif()
    file(SHA256 ${source} tag)
    string(SUBSTRING ${tag} 0 16 tag)
    set(packed ${FOLDER}/${name}.gz)
    file(ARCHIVE_CREATE OUTPUT ${packed} PATHS ${source} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9 MTIME "1970-01-01")
    string(APPEND objects "extern const char file_${number}[], file_${number}_end[];\n"
        "asm(\".section .rodata\\n.global file_${number}\\n.global file_${number}_end\\n\"\n"
        "    \"file_${number}: .incbin \\\"${packed}\\\"\\nfile_${number}_end:\\n.previous\\n\");\n")
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
