# What `cmake --install` puts where, below the prefix:
#
#   bin/crosswalk                            the program; it finds connectors in ../lib/crosswalk/connectors
#   libexec/crosswalk/crosswalk-worker       runs connectors with isolation: worker; the program starts it
#   lib/crosswalk/connectors/<name>/<name>.so  the connectors that ship
#   include/crosswalk/                       the contract with connectors
#   share/crosswalk/{schemas,template}       canonical schemas and the example, for connector authors
#   share/crosswalk/config                   the annotated configuration, with the schemas for editors
#   share/crosswalk/doc                      these pages
#   lib/systemd/system/crosswalk.service     where systemd looks under /usr and /usr/local
include(GNUInstallDirs)

install(TARGETS crosswalk RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# "libexec" is fixed, because the program looks there on every system.
install(TARGETS crosswalk-worker RUNTIME DESTINATION libexec/crosswalk)

# The example connector is built to be tested, not to be shipped, so the folder of a target decides. "lib" is fixed,
# because the program looks there on every system.
get_property(connectors GLOBAL PROPERTY CROSSWALK_CONNECTORS)
foreach(connector IN LISTS connectors)
  get_target_property(folder ${connector} SOURCE_DIR)
  if(folder MATCHES "^${PROJECT_SOURCE_DIR}/plugins/")
    get_target_property(name ${connector} OUTPUT_NAME)
    install(TARGETS ${connector} LIBRARY DESTINATION lib/crosswalk/connectors/${name})
  endif()
endforeach()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugin-api/include/crosswalk DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugin-api/schemas ${PROJECT_SOURCE_DIR}/plugin-api/template
  DESTINATION ${CMAKE_INSTALL_DATADIR}/crosswalk
  PATTERN CMakeLists.txt EXCLUDE PATTERN .clang-format EXCLUDE)
install(FILES ${CROSSWALK_CONNECTOR_EXPORTS} DESTINATION ${CMAKE_INSTALL_DATADIR}/crosswalk/template)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/full ${PROJECT_SOURCE_DIR}/config/schemas
  DESTINATION ${CMAKE_INSTALL_DATADIR}/crosswalk/config)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/crosswalk/doc)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/crosswalk.service DESTINATION lib/systemd/system)
