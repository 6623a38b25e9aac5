# crosswalk_add_connector(<name> SOURCES <file>… [LINKS <target>…])
#
# Builds <build>/connectors/<name>/<name>.so (or .dll): a module that sees only plugin-api/, hides every symbol but the
# entry, and leaves none for the host to resolve.
set(CROSSWALK_CONNECTOR_EXPORTS ${CMAKE_CURRENT_LIST_DIR}/connector.map)

function(crosswalk_add_connector name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(connector_${name} MODULE ${ARG_SOURCES})
  set_property(GLOBAL APPEND PROPERTY CROSSWALK_CONNECTORS connector_${name})  # tests/plugin-api looks at each
  target_link_libraries(connector_${name} PRIVATE crosswalk::settings crosswalk::plugin_api ${ARG_LINKS})
  set_target_properties(connector_${name} PROPERTIES
    PREFIX ""
    OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/connectors/${name}
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(UNIX AND NOT APPLE)
    target_link_options(connector_${name} PRIVATE
      -Wl,--version-script=${CROSSWALK_CONNECTOR_EXPORTS} -Wl,--exclude-libs,ALL -Wl,-z,now)
    if(NOT CROSSWALK_SANITIZE)
      target_link_options(connector_${name} PRIVATE -Wl,--no-undefined)
    endif()
  endif()
endfunction()
