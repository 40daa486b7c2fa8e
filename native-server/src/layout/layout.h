#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "wire/frame.h"

// Which thread does the content's work of a message. A layout decides and returns its decision; the
// server carries it out.
namespace oversoak::layout {

enum class LayoutKind : std::uint8_t { homo };

std::string_view name_of(LayoutKind kind) noexcept;
std::optional<LayoutKind> find_layout(std::string_view name) noexcept;
const std::vector<LayoutKind>& all_layouts();

enum class Route : std::uint8_t {
  here,  // handled on the IO thread: send the echo now
};

class Layout {
 public:
  virtual ~Layout() = default;

  // IO thread, once for each frame. `stamps.received_ns` is set; fills in the rest.
  virtual Route route(wire::Stamps& stamps) = 0;
};

std::unique_ptr<Layout> make_layout(LayoutKind kind);

}  // namespace oversoak::layout
