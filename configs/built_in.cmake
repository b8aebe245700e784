# cmake -DROOT=folder -DFILES=a|b -DOUTPUT=file.cpp -P built_in.cmake: writes a source that holds the files, named as below ROOT.

include(${CMAKE_CURRENT_LIST_DIR}/embed.cmake)
string(REPLACE "|" ";" FILES "${FILES}")
list(SORT FILES)
set(number 0)
foreach(file ${FILES})
    file(RELATIVE_PATH name ${ROOT} ${file})
    embed(built_in_${number} ${file} objects)
    string(APPEND rows "        {\"${name}\", {built_in_${number}, static_cast<std::size_t>(built_in_${number}_end - built_in_${number})}},\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "#include \"scenes/load/built_in.h\"

extern \"C\" {
${objects}}

namespace scenes {

std::span<const BuiltInFile> built_in_files() {
    static const BuiltInFile kFiles[] = {
${rows}    };
    return kFiles;
}

}  // namespace scenes
")
