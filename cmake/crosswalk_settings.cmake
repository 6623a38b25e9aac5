# What every target of this project is compiled with.
set(CROSSWALK_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

# crosswalk::settings carries warnings and sanitizers; every room, connector and test links it.
add_library(crosswalk_settings INTERFACE)
add_library(crosswalk::settings ALIAS crosswalk_settings)
if(MSVC)
  target_compile_options(crosswalk_settings INTERFACE /W4 /WX /permissive- /utf-8)
else()
  target_compile_options(crosswalk_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Werror
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion -Wnon-virtual-dtor -Woverloaded-virtual>
    # g++ 12 at -O3 sees overlapping copies in `"text" + std::string` where there are none (GCC bug 105651).
    $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<CONFIG:Release>>:-Wno-restrict>)
  if(CROSSWALK_SANITIZE)
    target_compile_options(crosswalk_settings INTERFACE -fsanitize=${CROSSWALK_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(crosswalk_settings INTERFACE -fsanitize=${CROSSWALK_SANITIZE})
  endif()
endif()

# assert() guards our own mistakes and stays on in every build.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
