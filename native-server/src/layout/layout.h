#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "game/game.h"
#include "layout/content_thread.h"
#include "layout/figures.h"
#include "layout/player.h"

// Which thread does the content's work of a message. A layout decides and returns its decision; the
// server carries it out.
namespace oversoak::layout {

enum class LayoutKind : std::uint8_t { homo, hetero, hetero_channels };

// "hetero-channels"; the names of the API.
std::string_view name_of(LayoutKind kind) noexcept;
std::optional<LayoutKind> find_layout(std::string_view name) noexcept;
const std::vector<LayoutKind>& all_layouts();

class Layout {
 public:
  virtual ~Layout() = default;

  // IO thread. Where a new player begins; the player becomes its owner's. `here`: the IO thread.
  virtual game::Place seat(Player& player, std::size_t here) = 0;

  // IO thread, once for each message: the content thread that it goes to; null: handled here.
  // Stamps when that was known.
  virtual ContentThread* route(const Player& player, wire::Stamps& stamps,
                               RouteFigures& figures) = 0;

  // Empty where IO threads do everything.
  virtual const ContentThreads& content_threads() const noexcept = 0;
};

// `players` and `game` outlive it. `threads_per_content`: 0 in homo. The content threads do not
// run yet.
std::unique_ptr<Layout> make_layout(LayoutKind kind, const game::Game& game,
                                    const FaultSettings& faults, game::PlayerContainer& players,
                                    std::size_t threads_per_content);

}  // namespace oversoak::layout
