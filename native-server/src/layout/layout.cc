#include "layout/layout.h"

#include "fatal.h"
#include "layout/homo.h"

namespace oversoak::layout {

const std::vector<LayoutKind>& all_layouts() {
  static const std::vector<LayoutKind> kinds{LayoutKind::homo};
  return kinds;
}

std::string_view name_of(LayoutKind kind) noexcept {
  switch (kind) {
    case LayoutKind::homo:
      return "homo";
  }
  fatal("a layout without a name");
}

std::optional<LayoutKind> find_layout(std::string_view name) noexcept {
  for (const LayoutKind kind : all_layouts()) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::unique_ptr<Layout> make_layout(LayoutKind kind) {
  switch (kind) {
    case LayoutKind::homo:
      return std::make_unique<Homo>();
  }
  fatal("a layout without a maker");
}

}  // namespace oversoak::layout
