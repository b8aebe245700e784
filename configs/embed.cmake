# embed(SYMBOL FILE VARIABLE): appends C++ that holds the bytes of a file from SYMBOL to SYMBOL_end; both are declared as C.
function(embed symbol file variable)
    # A compiler cache sees the bytes of a file by its hash.
    file(SHA256 ${file} hash)
    string(APPEND ${variable} "// ${hash}\nextern const char ${symbol}[], ${symbol}_end[];\n"
        "asm(\".section .rodata\\n.global ${symbol}\\n.global ${symbol}_end\\n\"\n"
        "    \"${symbol}: .incbin \\\"${file}\\\"\\n${symbol}_end:\\n.previous\\n\");\n")
    set(${variable} "${${variable}}" PARENT_SCOPE)
endfunction()
