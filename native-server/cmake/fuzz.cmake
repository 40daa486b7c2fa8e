# The fuzzer of the wire (preset linux-fuzz): needs clang, whose libFuzzer has the main function.
file(GLOB fuzz_sources CONFIGURE_DEPENDS fuzz/*.cc)
set(fuzzed_sources ${OVERSOAK_CORE_SOURCES})
list(FILTER fuzzed_sources INCLUDE REGEX "src/(wire|fleet/(dialect|framed))/")
add_executable(oversoak_fuzz ${fuzzed_sources} ${fuzz_sources})
target_include_directories(oversoak_fuzz PRIVATE ${OVERSOAK_INCLUDES} fuzz test)
target_compile_options(oversoak_fuzz PRIVATE -fsanitize=fuzzer)
target_link_options(oversoak_fuzz PRIVATE -fsanitize=fuzzer)
