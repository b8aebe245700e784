# cmake -DROOT=folder -DFILES=a|b -DOUTPUT=file.cpp -P built_in.cmake: writes a source that holds the files, named as below ROOT.

string(REPLACE "|" ";" FILES "${FILES}")
list(SORT FILES)
set(number 0)
foreach(file ${FILES})
    # A compiler cache sees the bytes of a file by its hash.
    file(SHA256 ${file} hash)
    file(RELATIVE_PATH name ${ROOT} ${file})
    string(APPEND objects "// ${hash}\nextern const char built_in_${number}[], built_in_${number}_end[];\n"
        "asm(\".section .rodata\\n.global built_in_${number}\\n.global built_in_${number}_end\\n\"\n"
        "    \"built_in_${number}: .incbin \\\"${file}\\\"\\nbuilt_in_${number}_end:\\n.previous\\n\");\n")
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
