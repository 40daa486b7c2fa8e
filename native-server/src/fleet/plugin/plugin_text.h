#pragma once

#include <oversoak_plugin.h>

#include <array>
#include <cstddef>
#include <string>

namespace oversoak::fleet {

// A text that a plug-in gives, as it was when it was read.
class PluginText {
 public:
  static constexpr char kRule[] = "a text has 1 to 200 characters of printable ASCII";
  static_assert(OVERSOAK_LONGEST_TEXT == 200);

  // Reads memory of the plug-in's, so within its call. Null: there is no text.
  void read(const char* given) noexcept {
    is_given_ = given != nullptr;
    std::size_t size = 0;
    is_right_ = true;
    for (; is_given_ && given[size] != '\0'; ++size) {
      is_right_ = is_right_ && size < OVERSOAK_LONGEST_TEXT && is_printable(given[size]);
      if (size == OVERSOAK_LONGEST_TEXT) break;
      text_[size] = given[size];
    }
    is_right_ = is_right_ && size > 0;
    text_[size] = '\0';
  }

  bool is_given() const noexcept { return is_given_; }
  bool is_right() const noexcept { return is_given_ && is_right_; }
  // As it is; the beginning of one that is too long. Empty: there is none.
  const char* c_str() const noexcept { return text_.data(); }

  // For people, whatever is in it: "two\x0alines"
  std::string quoted() const {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char* each = text_.data(); *each != '\0'; ++each) {
      if (is_printable(*each)) {
        quoted += *each;
        continue;
      }
      const auto byte = static_cast<unsigned char>(*each);
      quoted += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return quoted + '"';
  }

 private:
  static bool is_printable(char each) noexcept { return each >= ' ' && each <= '~'; }

  bool is_given_ = false;
  bool is_right_ = false;
  std::array<char, OVERSOAK_LONGEST_TEXT + 1> text_{};
};

}  // namespace oversoak::fleet
