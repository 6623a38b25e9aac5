# Builds the example with the one command of its README and looks at what comes out. With SECOND a further source adds a
# second export, which the check of exports must refuse.
file(MAKE_DIRECTORY ${WORK_DIR})
execute_process(
  COMMAND ${C_COMPILER} -std=c99 -fPIC -fvisibility=hidden -shared -I${API_DIR}/include ${API_DIR}/template/acme.c ${SECOND}
    -o ${WORK_DIR}/acme.so
  RESULT_VARIABLE status ERROR_VARIABLE words)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "The README's command does not build the example:\n${words}")
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} -DNM=${NM} -DLIBRARY=${WORK_DIR}/acme.so -P ${CMAKE_CURRENT_LIST_DIR}/exports.cmake
  RESULT_VARIABLE status ERROR_VARIABLE words)
if(SECOND AND NOT words MATCHES "acme_helper")
  message(FATAL_ERROR "A second exported symbol was not reported:\n${words}")
elseif(NOT SECOND AND NOT status EQUAL 0)
  message(FATAL_ERROR "${words}")
endif()
