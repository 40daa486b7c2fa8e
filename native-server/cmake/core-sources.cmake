# The sources of this platform: OVERSOAK_SOURCES, and of these OVERSOAK_CORE_SOURCES, which need no
# Node; OVERSOAK_INCLUDES. A folder with the name of a platform holds what is only for that
# platform, wherever it is.
if(WIN32)
  set(OVERSOAK_PLATFORM windows)
  set(other_platform linux)
else()
  set(OVERSOAK_PLATFORM linux)
  set(other_platform windows)
endif()
get_filename_component(native_server ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
file(GLOB_RECURSE OVERSOAK_SOURCES CONFIGURE_DEPENDS RELATIVE ${native_server} ${native_server}/src/*.cc)
list(FILTER OVERSOAK_SOURCES EXCLUDE REGEX "/${other_platform}/")
if(NOT WIN32)
  list(FILTER OVERSOAK_SOURCES EXCLUDE REGEX "^src/probes/")  # about Winsock
endif()
set(OVERSOAK_CORE_SOURCES ${OVERSOAK_SOURCES})
list(FILTER OVERSOAK_CORE_SOURCES EXCLUDE REGEX "^src/addon/")
list(TRANSFORM OVERSOAK_SOURCES PREPEND ${native_server}/)
list(TRANSFORM OVERSOAK_CORE_SOURCES PREPEND ${native_server}/)
# Shared sources include the platform's system_io.h and system_locks.h by their bare names.
set(OVERSOAK_INCLUDES src include src/io/${OVERSOAK_PLATFORM} src/os/${OVERSOAK_PLATFORM})
list(TRANSFORM OVERSOAK_INCLUDES PREPEND ${native_server}/)
