# The page: its files, packed and built into the program. Libraries come from the npm registry, by name, version and hash,
# into .cache; without them the program serves a plain page that says so.

set(PAGE_FOLDER ${PROJECT_SOURCE_DIR}/emulator/page)
set(PAGE_LIBRARIES ${CMAKE_BINARY_DIR}/page_libraries)
set(NPM_CACHE ${PROJECT_SOURCE_DIR}/.cache/npm CACHE PATH "where packages of npm are kept")

# npm_package NAME VERSION SHA512: its files are in ${NPM_CACHE}/NAME-VERSION/package; else PAGE_LACKS names it.
function(npm_package name version hash)
    string(REGEX REPLACE ".*/" "" short ${name})
    set(folder ${NPM_CACHE}/${short}-${version})
    if(NOT EXISTS ${folder}/package/package.json)
        file(DOWNLOAD https://registry.npmjs.org/${name}/-/${short}-${version}.tgz ${folder}.tgz
             TIMEOUT 30 INACTIVITY_TIMEOUT 10 STATUS status)
        list(GET status 0 failed)
        if(NOT failed)
            file(SHA512 ${folder}.tgz got)
            if(NOT got STREQUAL hash)
                set(failed 1)
            endif()
        endif()
        if(failed)
            file(REMOVE ${folder}.tgz)
            set(PAGE_LACKS "${name} ${version}" PARENT_SCOPE)
            return()
        endif()
        file(ARCHIVE_EXTRACT INPUT ${folder}.tgz DESTINATION ${folder})
        file(REMOVE ${folder}.tgz)
    endif()
    file(GLOB licence ${folder}/package/LICENSE*)
    file(READ ${licence} text)
    file(APPEND ${PAGE_LIBRARIES}/licences.txt "${name} ${version}\n\n${text}\n\n")
endfunction()

# library FILE SOURCE: a module of the page out of a file of a package; packages are imported as files beside it.
function(library file source)
    file(READ ${NPM_CACHE}/${source} text)
    foreach(pair "preact/hooks=preact_hooks.js" "preact=preact.js" "@preact/signals-core=signals_core.js")
        string(REGEX MATCH "^(.*)=(.*)$" pair ${pair})
        string(REPLACE "from\"${CMAKE_MATCH_1}\"" "from\"./${CMAKE_MATCH_2}\"" text "${text}")
    endforeach()
    string(REGEX REPLACE "\n?//# sourceMappingURL=[^\n]*" "" text "${text}")
    file(WRITE ${PAGE_LIBRARIES}/${file} "${text}${ARGN}")
endfunction()

file(WRITE ${PAGE_LIBRARIES}/licences.txt "")
npm_package(preact 10.29.8 7a3d9a559faf67c58eeedbe541644cf4deb70342b317dab899625f0d41e061a2287d663d86eef841d9d0ae3a0f326662dbf9d9e603746c9090178f7142ac74f5)
npm_package(@preact/signals-core 1.14.5 bdc46fec8b72cf925599e895a8896e2c5cd3fcf0d2fc09611d4a70dff6945aa71552ce9b0c620f5c4ffa4520b87af04d598be79e2a338394b27e3df76a5de092)
npm_package(@preact/signals 2.11.4 45bfb944fa3d81649a1edcc979aba11f1882f0a3ff205d8310f9073c43863a7bb2db09c9cd1ab278b45a9e450261de800eab714ba1a7586bfa21edf8dddf1a63)
npm_package(htm 3.1.1 f7cdd5ca0f0dc1413b26467a3663aaa4267eb21d5b2afda2613954933956980e490f669c2a8c5de0a5716cc9b15fff399ad7dd9c399316834a720e43180bf135)
npm_package(uplot 1.6.32 2883159c6ebccefbb95d751b0b82d010f9e1c0ec41b8bc96d401eda66e882935c89a46cb824332fa369b8cb8122cc6ac36e186cd09bf7a9ded3a4c93c6989023)

if(PAGE_LACKS)
    message(STATUS "The page is a plain one: ${PAGE_LACKS} could not be fetched from registry.npmjs.org.")
    set(PAGE_SOURCES ${PAGE_FOLDER}/plain)
else()
    library(preact.js preact-10.29.8/package/dist/preact.mjs)
    library(preact_hooks.js preact-10.29.8/package/hooks/dist/hooks.mjs)
    library(signals_core.js signals-core-1.14.5/package/dist/signals-core.mjs)
    library(signals.js signals-2.11.4/package/dist/signals.mjs)
    library(htm.js htm-3.1.1/package/dist/htm.mjs)
    library(uplot.js uplot-1.6.32/package/dist/uPlot.iife.min.js "\nexport default uPlot;\n")
    configure_file(${NPM_CACHE}/uplot-1.6.32/package/dist/uPlot.min.css ${PAGE_LIBRARIES}/uplot.css COPYONLY)
    set(PAGE_SOURCES ${PAGE_FOLDER})
endif()

set(PAGE_PACKED ${CMAKE_BINARY_DIR}/page)
file(GLOB page_sources CONFIGURE_DEPENDS ${PAGE_SOURCES}/*.html ${PAGE_SOURCES}/*.js ${PAGE_SOURCES}/*.css ${PAGE_SOURCES}/*.svg
     ${PAGE_FOLDER}/*.cmake)
add_custom_command(
    OUTPUT ${PAGE_PACKED}/page_files.cpp
    COMMAND ${CMAKE_COMMAND} -DSOURCES=${PAGE_SOURCES} -DLIBRARIES=${PAGE_LIBRARIES} -DFOLDER=${PAGE_PACKED}
            -P ${PAGE_FOLDER}/pack.cmake
    DEPENDS ${page_sources} ${PROJECT_SOURCE_DIR}/configs/embed.cmake
    VERBATIM)
add_library(page STATIC ${PAGE_PACKED}/page_files.cpp)
target_include_directories(page PRIVATE ${PROJECT_SOURCE_DIR})
