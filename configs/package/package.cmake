# What `cmake --install` and the Debian package (cpack -G DEB) hold beside the program.
include(GNUInstallDirs)
set(package_files ${PROJECT_SOURCE_DIR}/configs/package)

install(TARGETS gigemu RUNTIME DESTINATION bin)
install(FILES ${package_files}/gigemu@.service DESTINATION lib/systemd/system)
install(FILES ${package_files}/completion.bash DESTINATION share/bash-completion/completions RENAME gigemu)
install(FILES ${package_files}/copyright DESTINATION share/doc/gigemu)
# The manual page is the program's own help, which another machine's program cannot say here.
install(CODE "
    set(made \"${CMAKE_BINARY_DIR}/installed\")
    file(MAKE_DIRECTORY \"\${made}\")
    execute_process(COMMAND ${package_files}/manual_page ${PROJECT_VERSION} ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:gigemu>
        OUTPUT_FILE \"\${made}/gigemu.1\" COMMAND_ERROR_IS_FATAL ANY)
    file(COPY_FILE ${package_files}/debian_changelog \"\${made}/changelog\")
    execute_process(COMMAND gzip -9nf \"\${made}/gigemu.1\" \"\${made}/changelog\" COMMAND_ERROR_IS_FATAL ANY)
")
install(FILES ${CMAKE_BINARY_DIR}/installed/gigemu.1.gz DESTINATION share/man/man1)
install(FILES ${CMAKE_BINARY_DIR}/installed/changelog.gz DESTINATION share/doc/gigemu)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gigemu)
set(CPACK_PACKAGE_CONTACT "gigemu maintainers <maintainers@gigemu.example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "emulator of a GigE Vision zoom camera")
set(CPACK_PACKAGE_DESCRIPTION "Emulates the DFK 39GX265-Z20, a GigE Vision camera with a Sony IMX265 and a
motorised 20x zoom lens, for those who write or test machine vision
software: clients discover it, control it and stream from it over UDP.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS aravis-tools)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
include(CPack)
