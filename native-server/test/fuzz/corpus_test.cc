// The kept inputs of the fuzzer, each through what it was kept for: a build without clang meets
// them, too.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

TEST_SUITE_BEGIN("fuzz corpus");

// What does not hold ends the process, as in the fuzzer; doctest then names the input.
TEST_CASE("every kept input of the fuzzer passes its checks") {
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(OVERSOAK_FUZZ_CORPUS)) {
    const std::string path = entry.path().string();
    CAPTURE(path);
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(bytes.size() == entry.file_size());
    CHECK(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                 bytes.size()) == 0);
    ++inputs;
  }
  CHECK(inputs > 500);
}

TEST_SUITE_END();
