#include "layout/layout.h"

#include "fatal.h"
#include "layout/hetero.h"
#include "layout/homo.h"

namespace oversoak::layout {

const std::vector<LayoutKind>& all_layouts() {
  static const std::vector<LayoutKind> kinds{LayoutKind::homo, LayoutKind::hetero,
                                             LayoutKind::hetero_channels};
  return kinds;
}

std::string_view name_of(LayoutKind kind) noexcept {
  switch (kind) {
    case LayoutKind::homo:
      return "homo";
    case LayoutKind::hetero:
      return "hetero";
    case LayoutKind::hetero_channels:
      return "hetero-channels";
  }
  fatal("a layout without a name");
}

std::optional<LayoutKind> find_layout(std::string_view name) noexcept {
  for (const LayoutKind kind : all_layouts()) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::unique_ptr<Layout> make_layout(LayoutKind kind, const game::Game& game,
                                    const FaultSettings& faults, game::PlayerContainer& players,
                                    std::size_t threads_per_content) {
  switch (kind) {
    case LayoutKind::homo:
      return std::make_unique<Homo>();
    case LayoutKind::hetero:
    case LayoutKind::hetero_channels:
      return std::make_unique<Hetero>(game, faults, players, threads_per_content);
  }
  fatal("a layout without a maker");
}

}  // namespace oversoak::layout
