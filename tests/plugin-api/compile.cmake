# Compiles SOURCE with COMPILER and FLAGS against API_DIR and throws the result away.
if(NOT COMPILER OR COMPILER MATCHES "NOTFOUND$")
  message(FATAL_ERROR "${COMPILER_NAME} was not found when CMake configured. Install it (Debian: clang) and configure "
    "again: the header is promised to compile with it.")
endif()
execute_process(
  COMMAND ${COMPILER} ${FLAGS} -I${API_DIR}/include -I${API_DIR} -c ${SOURCE} -o /dev/null
  RESULT_VARIABLE status ERROR_VARIABLE words OUTPUT_VARIABLE words)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${COMPILER} ${FLAGS} does not compile ${SOURCE}:\n${words}")
endif()
