#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

// The one place where the unit tests read the environment.
namespace oversoak::test {

// Streams that the fuzz test makes, e.g. OVERSOAK_FUZZ_INPUTS=50000000 for a night.
inline std::uint64_t fuzz_inputs() {
  constexpr std::uint64_t kDefault = 200'000;
  const char* text = std::getenv("OVERSOAK_FUZZ_INPUTS");
  if (text == nullptr) return kDefault;
  const std::string_view digits(text);
  std::uint64_t inputs = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), inputs);
  if (error != std::errc{} || end != digits.data() + digits.size() || inputs == 0) {
    throw std::invalid_argument("OVERSOAK_FUZZ_INPUTS must be a whole number above 0, not \"" +
                                std::string(digits) + "\"");
  }
  return inputs;
}

}  // namespace oversoak::test
