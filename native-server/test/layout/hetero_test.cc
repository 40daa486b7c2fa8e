// The real content threads, queues and container with real threads as IO threads and sessions that
// are nothing but players: every message comes back once and in order, whatever the moves.
#include "layout/hetero.h"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "os/clock.h"

namespace game = oversoak::game;
using namespace oversoak::layout;
using oversoak::metrics::ServerError;

namespace {

constexpr std::uint64_t kMessagesEach = 400;
constexpr std::size_t kWindow = 6;
constexpr std::size_t kPlayersEach = 12;
constexpr std::size_t kIoThreads = 2;

struct Setting {
  game::LockKind lock;
  game::QueueKind queue;
  std::size_t channels;
  double ticks_per_second;
};

game::Game restless_game(const Setting& setting) {
  game::Game game;
  game.container_lock = setting.lock;
  game.content_queue = setting.queue;
  for (const char* name : {"lobby", "pvp", "dungeon"}) game.contents.push_back({name});
  game.contents[0].moves = {{1, 0.4}, {2, 0.3}};
  game.contents[1].moves = {{0, 0.5}, {2, 0.2}};
  game.contents[2].moves = {{0, 0.3}, {1, 0.3}};
  game.contents[1].ticks_per_second = setting.ticks_per_second;
  return game;
}

// An IO thread with its players.
class Driver final : public MessageHome {
 public:
  Driver(Layout& layout, game::PlayerContainer& players, game::PlayerId first_id)
      : layout_(layout), players_(players) {
    for (std::size_t i = 0; i < kPlayersEach; ++i) {
      auto& seat = *seats_.emplace_back(std::make_shared<Seat>(first_id + i));
      players_.join(seat.player.id, layout_.seat(seat.player, 0));
    }
    routes_.lock_wait = std::make_unique<oversoak::metrics::Histogram>();
  }

  void run() {
    std::size_t unfinished = seats_.size();
    while (unfinished > 0) {
      unfinished = 0;
      for (const auto& seat : seats_) {
        take_returned(*seat);
        while (seat->sent < kMessagesEach && seat->sent - seat->returned < kWindow) send(seat);
        if (seat->returned < kMessagesEach) ++unfinished;
      }
      std::this_thread::yield();
    }
    for (const auto& seat : seats_) left_ += players_.leave(seat->player.id) ? 1 : 0;
  }

  // Content threads.
  void finished(Message& message, std::size_t) override {
    const std::shared_ptr<void> keep_alive = std::move(message.keep_alive);
    auto& seat = *static_cast<Seat*>(keep_alive.get());
    const std::lock_guard lock(seat.mutex);
    seat.came_back.push_back(&message);
  }

  std::size_t left() const { return left_; }
  std::uint64_t out_of_order() const { return out_of_order_; }

 private:
  struct Seat {
    explicit Seat(game::PlayerId id) : player(id), messages(kWindow) {}

    Player player;
    std::vector<Message> messages;
    std::uint64_t sent = 0;
    std::uint64_t returned = 0;
    std::mutex mutex;
    std::deque<Message*> came_back;
  };

  void send(const std::shared_ptr<Seat>& seat) {
    Message& message = seat->messages[seat->sent % kWindow];
    message = Message{};
    message.player = &seat->player;
    message.home = this;
    message.turn = seat->sent++;
    message.keep_alive = seat;
    ContentThread* to = layout_.route(seat->player, message.stamps, routes_);
    REQUIRE(to != nullptr);
    REQUIRE(to->try_push(message));
  }

  void take_returned(Seat& seat) {
    const std::lock_guard lock(seat.mutex);
    for (const Message* message : seat.came_back) {
      if (message->turn != seat.returned) ++out_of_order_;
      ++seat.returned;
    }
    seat.came_back.clear();
  }

  Layout& layout_;
  game::PlayerContainer& players_;
  std::vector<std::shared_ptr<Seat>> seats_;
  RouteFigures routes_;
  std::size_t left_ = 0;
  std::uint64_t out_of_order_ = 0;
};

struct Totals {
  std::uint64_t handled = 0;
  std::uint64_t moves = 0;
  std::uint64_t arrivals = 0;
  std::uint64_t rerouted = 0;
  std::uint64_t violations = 0;
};

Totals totals_of(const Layout& layout) {
  Totals totals;
  for (const auto& thread : layout.content_threads()) {
    const DeskFigures& figures = thread->figures();
    totals.moves += figures.moves.load();
    const auto errors = figures.errors.load();
    totals.violations += errors[ServerError::wrong_owner] + errors[ServerError::out_of_turn];
    for (const ContentFigures& content : figures.of_content) {
      totals.handled += content.handled.load();
      totals.arrivals += content.arrivals.load();
      totals.rerouted += content.rerouted.load();
    }
  }
  return totals;
}

void play(const Setting& setting) {
  const game::Game game = restless_game(setting);
  const auto players = game::make_player_container(setting.lock);
  const auto layout = find_layout("hetero-channels")->make(game, {}, *players, setting.channels);
  for (const auto& thread : layout->content_threads()) thread->start([] {}, [] {});
  {
    std::vector<std::unique_ptr<Driver>> drivers;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kIoThreads; ++i) {
      drivers.push_back(std::make_unique<Driver>(*layout, *players, 1 + i * kPlayersEach));
    }
    for (const auto& driver : drivers) threads.emplace_back([&driver] { driver->run(); });
    for (std::thread& thread : threads) thread.join();
    for (const auto& driver : drivers) {
      CHECK(driver->out_of_order() == 0);
      CHECK(driver->left() == kPlayersEach);
    }
    for (const auto& thread : layout->content_threads()) thread->stop();
  }
  const Totals totals = totals_of(*layout);
  CHECK(totals.handled == kIoThreads * kPlayersEach * kMessagesEach);
  CHECK(totals.violations == 0);
  CHECK(totals.moves > totals.handled / 4);
  CHECK(totals.arrivals == totals.moves);
  CHECK(totals.rerouted > 0);
  const auto census = players->census();
  CHECK(census.joins == kIoThreads * kPlayersEach);
  CHECK(census.leaves == census.joins);
  CHECK(census.live == 0);
}

}  // namespace

TEST_SUITE_BEGIN("hetero");

TEST_CASE("every message comes back once and in order, whatever the moves") {
  for (const auto lock :
       {game::LockKind::mutex, game::LockKind::srwlock, game::LockKind::sharded}) {
    for (const auto queue : {game::QueueKind::locked, game::QueueKind::lock_free}) {
      for (const std::size_t channels : {std::size_t{1}, std::size_t{2}}) {
        CAPTURE(static_cast<int>(lock));
        CAPTURE(static_cast<int>(queue));
        CAPTURE(channels);
        play({lock, queue, channels, 0});
      }
    }
  }
}

TEST_CASE("the same with a content that works in ticks") {
  play({game::LockKind::mutex, game::QueueKind::locked, 1, 1000});
}

TEST_CASE("a queue that is full takes nothing") {
  game::Game game;
  game.contents = {{"lobby"}};
  game.queue_limit = 2;
  const auto players = game::make_player_container(game.container_lock);
  const auto layout = find_layout("hetero")->make(game, {}, *players, 1);
  Player player(1);
  players->join(1, layout->seat(player, 0));
  std::vector<Message> messages(3);
  RouteFigures routes{{}, std::make_unique<oversoak::metrics::Histogram>()};
  for (Message& message : messages) message.player = &player;
  ContentThread* thread = layout->route(player, messages[0].stamps, routes);
  REQUIRE(thread != nullptr);
  CHECK(thread->place().content == 0);
  CHECK(thread->try_push(messages[0]));
  CHECK(thread->try_push(messages[1]));
  CHECK(!thread->try_push(messages[2]));
  CHECK(routes.lookups.load() == 1);
}

TEST_SUITE_END();
