#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "layout/content_queue.h"
#include "layout/desk.h"
#include "layout/zone_desk.h"
#include "os/parker.h"

namespace oversoak::layout {

class ContentThread;
using ContentThreads = std::vector<std::unique_ptr<ContentThread>>;

// A thread for one content, for all its players or for those of one channel. It owns the players in
// the content: only this thread handles their messages and moves them.
class ContentThread {
 public:
  // `desk`'s number is this thread's index in `threads`, to which it passes on and hands over.
  ContentThread(const game::Game& game, const ContentFaultSettings& faults, std::size_t index,
                const game::Place& place, game::PlayerContainer& players,
                const ContentThreads& threads);
  // Only after stop().
  ~ContentThread();

  // Once `threads` is complete.
  void start(std::function<void()> attach, std::function<void()> detach);

  // IO threads. False: the queue is at the game's limit, and the message is refused.
  bool try_push(Message& message);

  // Any thread: what this thread is to order, as the owner of the zone.
  void push_to_zone(ZoneRef message);

  // Ends when the queue is empty. No thread may push any more, except handovers.
  void stop();

  const game::Place& place() const noexcept { return place_; }
  const DeskFigures& figures() const noexcept { return desk_.figures(); }
  const ZoneDeskFigures& zone_figures() const noexcept { return zone_desk_.figures(); }
  std::uint64_t zone_ticks_made() const noexcept { return zone_tick_pool_.made(); }

 private:
  void push(Message& message);
  void run();
  std::int64_t sleeps_until_ns(bool ticks) const noexcept;
  bool take_batch();
  void take(Message& message);
  void handle_in_turn(Message& message);
  void pass_to_zone(Message& message);
  void move(Player& player, std::size_t content, const std::shared_ptr<void>& keep_alive);
  void adopt(Player& player);
  void pass_on(Message& message);

  const game::Game& game_;
  const game::Place place_;
  game::PlayerContainer& players_;
  const ContentThreads& threads_;
  const std::int64_t tick_ns_;  // between two; 0: no ticks

  // Shared.
  std::unique_ptr<ContentQueue> queue_;
  std::atomic<std::size_t> depth_{0};  // pushed and not yet taken; counted before the push
  os::Parker parker_;
  std::atomic<bool> stopping_{false};

  // The thread's own.
  Desk desk_;
  ZoneTickPool zone_tick_pool_;
  ZoneDesk zone_desk_;
  std::vector<Message*> batch_;
  std::int64_t next_tick_ns_ = 0;
  std::thread thread_;
};

}  // namespace oversoak::layout
