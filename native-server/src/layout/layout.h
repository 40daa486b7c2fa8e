#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "game/game.h"
#include "layout/content_thread.h"
#include "layout/figures.h"
#include "layout/player.h"

// Which thread does the content's work of a message. A layout returns its decision; the server
// executes it.
namespace oversoak::layout {

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

// A layout that the server has.
struct LayoutKind {
  std::string_view name;  // "hetero-channels"; the names of the API
  // `players` and `game` outlive it. `threads_per_content`: 0 in homo. The content threads do not
  // run yet.
  std::unique_ptr<Layout> (*make)(const game::Game& game, const ContentFaultSettings& faults,
                                  game::PlayerContainer& players,
                                  std::size_t threads_per_content) = nullptr;
};

// In the order of contracts' LAYOUTS.
std::span<const LayoutKind> all_layouts() noexcept;

// Null where there is none of that name.
const LayoutKind* find_layout(std::string_view name) noexcept;

}  // namespace oversoak::layout
