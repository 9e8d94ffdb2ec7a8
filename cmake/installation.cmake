# What `cmake --install` puts where: the server, its systemd unit, and what a stranger reads first.
include(GNUInstallDirs)

install(TARGETS claviger RUNTIME)

# Written when it is installed: `cmake --install --prefix` may name another place than the configuration did.
install(CODE "
  set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
  cmake_path(ABSOLUTE_PATH prefix NORMALIZE)
  set(bindir \"${CMAKE_INSTALL_BINDIR}\")
  set(docdir \"${CMAKE_INSTALL_DOCDIR}\")
  cmake_path(ABSOLUTE_PATH bindir BASE_DIRECTORY \"\${prefix}\" NORMALIZE)
  cmake_path(ABSOLUTE_PATH docdir BASE_DIRECTORY \"\${prefix}\" NORMALIZE)
  configure_file(\"${CMAKE_SOURCE_DIR}/config/systemd/claviger.service.in\"
                 \"${CMAKE_BINARY_DIR}/claviger.service\" @ONLY)
")
# Not CMAKE_INSTALL_LIBDIR, which may name the architecture: systemd looks in lib/systemd of /usr and of /usr/local.
install(FILES "${CMAKE_BINARY_DIR}/claviger.service" DESTINATION lib/systemd/system)

install(FILES config/claviger.toml README.md CHANGELOG.md LICENSE THIRD_PARTY.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/how-to DESTINATION "${CMAKE_INSTALL_DOCDIR}")
