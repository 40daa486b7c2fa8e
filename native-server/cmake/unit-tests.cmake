# Unit tests of the core, on Linux, under a sanitizer (presets linux-asan, linux-tsan).
find_path(DOCTEST_INCLUDE_DIR doctest/doctest.h REQUIRED)
find_package(Threads REQUIRED)
include(cmake/liburing.cmake)

file(GLOB_RECURSE unit_tests CONFIGURE_DEPENDS test/*.cc)
add_executable(oversoak_unit_tests ${OVERSOAK_CORE_SOURCES} ${unit_tests})
target_include_directories(oversoak_unit_tests PRIVATE ${OVERSOAK_INCLUDES} test)
target_include_directories(oversoak_unit_tests SYSTEM PRIVATE
  ${DOCTEST_INCLUDE_DIR} ${OVERSOAK_BOOST_INCLUDE})
target_link_libraries(oversoak_unit_tests PRIVATE Threads::Threads ${OVERSOAK_URING_LIBRARY})

enable_testing()
add_test(NAME unit COMMAND oversoak_unit_tests)
