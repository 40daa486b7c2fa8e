#include "layout/layout.h"

#include <algorithm>

#include "layout/hetero.h"
#include "layout/homo.h"

namespace oversoak::layout {
namespace {

std::unique_ptr<Layout> make_homo(const game::Game&, const ContentFaultSettings&,
                                  game::PlayerContainer&, std::size_t) {
  return std::make_unique<Homo>();
}

std::unique_ptr<Layout> make_hetero(const game::Game& game, const ContentFaultSettings& faults,
                                    game::PlayerContainer& players,
                                    std::size_t threads_per_content) {
  return std::make_unique<Hetero>(game, faults, players, threads_per_content);
}

constexpr LayoutKind kLayouts[] = {
    {"homo", make_homo},
    {"hetero", make_hetero},
    // Differs in the number of threads alone, which contracts' threadPlan decides.
    {"hetero-channels", make_hetero},
};

}  // namespace

std::span<const LayoutKind> all_layouts() noexcept { return kLayouts; }

const LayoutKind* find_layout(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kLayouts, name, &LayoutKind::name);
  return found == std::end(kLayouts) ? nullptr : found;
}

}  // namespace oversoak::layout
