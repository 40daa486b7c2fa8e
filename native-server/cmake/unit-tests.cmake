# Unit tests of the core, on Linux, under a sanitizer (presets linux-asan, linux-tsan).
find_path(DOCTEST_INCLUDE_DIR doctest/doctest.h REQUIRED)
find_package(Threads REQUIRED)
include(cmake/liburing.cmake)

# With the fuzzer's checks, for the inputs that it kept.
file(GLOB_RECURSE unit_tests CONFIGURE_DEPENDS test/*.cc fuzz/*.cc)
add_executable(oversoak_unit_tests ${OVERSOAK_CORE_SOURCES} ${unit_tests})
if(OVERSOAK_PRECOMPILED)
  include(cmake/precompiled.cmake)
  precompile_headers(oversoak_unit_tests)
endif()
target_include_directories(oversoak_unit_tests PRIVATE ${OVERSOAK_INCLUDES} test fuzz)
set_source_files_properties(test/fuzz/corpus_test.cc PROPERTIES
  COMPILE_DEFINITIONS OVERSOAK_FUZZ_CORPUS="${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus")
target_include_directories(oversoak_unit_tests SYSTEM PRIVATE
  ${DOCTEST_INCLUDE_DIR} ${OVERSOAK_BOOST_INCLUDE})
target_link_libraries(oversoak_unit_tests PRIVATE Threads::Threads ${OVERSOAK_URING_LIBRARY})

enable_testing()
add_test(NAME unit COMMAND oversoak_unit_tests)
