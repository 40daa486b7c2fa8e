#include "layout/content_thread.h"

#include <algorithm>

#include "concurrency/start_thread.h"
#include "fatal.h"
#include "layout/ticks.h"
#include "os/clock.h"

namespace oversoak::layout {

ContentThread::ContentThread(const game::Game& game, const ContentFaultSettings& faults,
                             std::size_t index, const game::Place& place,
                             game::PlayerContainer& players, const ContentThreads& threads)
    : game_(game),
      place_(place),
      players_(players),
      threads_(threads),
      tick_ns_(tick_length_ns(game.contents[place.content].ticks_per_second)),
      queue_(make_content_queue(game.content_queue)),
      desk_(game, faults, index),
      zone_desk_(game.zone_ticks, zone_tick_pool_) {
  DeskFigures& figures = desk_.figures();
  figures.lock_wait = std::make_unique<metrics::Histogram>();
  figures.move_latency = std::make_unique<metrics::Histogram>();
  figures.of_content[place.content].queue_wait = std::make_unique<metrics::Histogram>();
}

ContentThread::~ContentThread() {
  if (thread_.joinable()) fatal("a content thread was dropped while it ran");
}

void ContentThread::start(std::function<void()> attach, std::function<void()> detach) {
  thread_ = concurrency::start_thread(std::move(attach), [this, detach = std::move(detach)] {
    run();
    detach();
  });
}

bool ContentThread::try_push(Message& message) {
  if (depth_.load(std::memory_order_relaxed) >= game_.queue_limit) return false;
  push(message);
  return true;
}

// Any thread. The limit does not apply to what content threads pass on and hand over: it was
// admitted before, and no sender is there to refuse it to.
void ContentThread::push(Message& message) {
  ++message.hops;
  depth_.fetch_add(1, std::memory_order_seq_cst);
  queue_->push(message);
  // With ticks no wake is needed: messages wait for the tick.
  if (tick_ns_ == 0) parker_.wake();
}

void ContentThread::push_to_zone(ZoneRef message) {
  Message& carrier = message->carrier;
  carrier.kind = Message::Kind::zone;
  carrier.zone = std::move(message);
  push(carrier);
}

void ContentThread::stop() {
  stopping_.store(true, std::memory_order_seq_cst);
  parker_.wake();
  if (thread_.joinable()) thread_.join();
}

void ContentThread::run() {
  next_tick_ns_ = os::now_ns() + tick_ns_;
  for (;;) {
    parker_.announce();
    const bool stopping = stopping_.load(std::memory_order_seq_cst);
    const bool waiting = depth_.load(std::memory_order_seq_cst) > 0;
    const bool ticks = tick_ns_ != 0 && !stopping;
    if (stopping && !waiting) return;
    if (stopping || (waiting && !ticks)) {
      parker_.retract();
    } else {
      parker_.sleep(sleeps_until_ns(ticks));
    }
    zone_desk_.run_ticks();
    if (ticks) {
      const std::int64_t now_ns = os::now_ns();
      if (now_ns < next_tick_ns_) continue;
      next_tick_ns_ = tick_after_ns(next_tick_ns_, tick_ns_, now_ns);
    }
    while (take_batch()) {
    }
  }
}

// Without messages: to the next tick of the content, or of a zone. `ticks`: the content has some.
std::int64_t ContentThread::sleeps_until_ns(bool ticks) const noexcept {
  static_assert(ZoneTicks::kNever == os::Parker::kForever);
  const std::int64_t zones_ns = zone_desk_.next_tick_ns();
  return ticks ? std::min(next_tick_ns_, zones_ns) : zones_ns;
}

// False when nothing was there.
bool ContentThread::take_batch() {
  const std::size_t depth = depth_.load(std::memory_order_relaxed);
  queue_->take(batch_);
  if (batch_.empty()) return false;
  depth_.fetch_sub(batch_.size(), std::memory_order_relaxed);
  ContentFigures& figures = desk_.figures().of_content[place_.content];
  figures.depth_max.raise_to(depth);
  figures.depth_sum.add(depth);
  figures.depth_looks.add();
  for (Message* message : batch_) {
    take(*message);
    // The work of a whole batch would hold up the zones.
    zone_desk_.run_ticks();
  }
  batch_.clear();
  return true;
}

void ContentThread::take(Message& message) {
  if (message.kind == Message::Kind::handover) return adopt(*message.player);
  if (message.kind == Message::Kind::zone) return zone_desk_.order(std::move(message.zone));
  if (message.misrouted) {
    message.misrouted = false;
    desk_.handle_misrouted(message, place_.content);
    return pass_on(message);
  }
  switch (admit(*message.player, desk_.self(), message.turn)) {
    case Admission::handle:
      return handle_in_turn(message);
    case Admission::hold:
      return hold(*message.player, message);
    case Admission::pass_on:
      return pass_on(message);
  }
}

// The message and those held behind it, until one is missing or the player moves. The echo leaves
// before the player: the next thread may answer the next message at once.
void ContentThread::handle_in_turn(Message& message) {
  Message* next = &message;
  while (next != nullptr) {
    Message& handled = *next;
    Player& player = *handled.player;
    const auto content = desk_.handle(handled, place_.content);
    // With the last message given back the session may end; who moves is kept in memory until then,
    // and so is who has a held message.
    const std::shared_ptr<void> keep_alive = content ? handled.keep_alive : nullptr;
    next = content ? nullptr : take_held(player);
    if (handled.zone) {
      pass_to_zone(handled);
    } else {
      handled.home->finished(handled, desk_.self());
    }
    if (content) move(player, *content, keep_alive);
  }
}

// To the content thread that owns the zone's order. From there it goes home, where the session may
// end with it.
void ContentThread::pass_to_zone(Message& message) {
  const std::shared_ptr<void> keep_alive = std::move(message.keep_alive);
  wire::write_stamps(message.bytes, message.stamps);
  ZoneRef zone = std::move(message.zone);
  ContentThread& owner = *threads_[zone_owner(zone->zone, threads_.size())];
  if (&owner == this) return zone_desk_.order(std::move(zone));
  owner.push_to_zone(std::move(zone));
}

}  // namespace oversoak::layout
