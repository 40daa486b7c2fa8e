#pragma once

#include <array>
#include <cstddef>

namespace oversoak {

// How many values an enum has that counts from 0 and ends with `end`.
template <typename Enum>
inline constexpr std::size_t kValuesOf = static_cast<std::size_t>(Enum::end);

template <typename Enum>
struct EnumName {
  Enum value;
  const char* name;
};

// The names of such an enum, by value. Does not compile unless each value has one, in their order.
template <typename Enum, std::size_t Size>
consteval std::array<const char*, Size> enum_names(const EnumName<Enum> (&rows)[Size]) {
  static_assert(Size == kValuesOf<Enum>, "a value of the enum has no name");
  std::array<const char*, Size> names{};
  for (std::size_t i = 0; i < Size; ++i) {
    if (static_cast<std::size_t>(rows[i].value) != i) throw "names in another order than the enum";
    names[i] = rows[i].name;
  }
  return names;
}

}  // namespace oversoak
