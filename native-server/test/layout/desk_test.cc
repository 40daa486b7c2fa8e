#include "layout/desk.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "layout/homo_desk.h"
#include "layout/ticks.h"

namespace game = oversoak::game;
using namespace oversoak::layout;
using oversoak::metrics::ServerError;

namespace {

constexpr std::size_t kHere = 3;
constexpr std::size_t kElsewhere = 4;

game::Game two_contents() {
  game::Game game;
  game.contents = {{"lobby"}, {"pvp"}};
  return game;
}

struct Messages {
  explicit Messages(Player& player, std::size_t count = 4) : all(count) {
    for (std::size_t i = 0; i < count; ++i) {
      all[i].player = &player;
      all[i].turn = i;
    }
  }
  Message& operator[](std::size_t index) { return all[index]; }
  std::vector<Message> all;
};

}  // namespace

TEST_SUITE_BEGIN("desk");

TEST_CASE("a message is handled by the player's owner, in its turn") {
  Player player(1);
  CHECK(admit(player, kHere, 0) == Admission::pass_on);  // during a handover
  player.owner = kElsewhere;
  CHECK(admit(player, kHere, 0) == Admission::pass_on);
  player.owner = kHere;
  CHECK(admit(player, kHere, 0) == Admission::handle);
  CHECK(admit(player, kHere, 1) == Admission::hold);
  player.next_turn = 1;
  CHECK(admit(player, kHere, 1) == Admission::handle);
}

TEST_CASE("held messages come out in turn, whatever order they came in") {
  Player player(1);
  Messages messages(player);
  for (const std::size_t turn : {2, 3, 1}) hold(player, messages[turn]);
  CHECK(take_held(player) == nullptr);
  for (const std::size_t turn : {1, 2, 3}) {
    player.next_turn = turn;
    CHECK(take_held(player) == &messages[turn]);
  }
  CHECK(take_held(player) == nullptr);
}

TEST_CASE("a handled message is stamped, counted, and its turn kept") {
  const game::Game game = two_contents();
  Desk desk(game, {}, kHere);
  Player player(1);
  player.owner = kHere;
  Messages messages(player);
  CHECK(!desk.handle(messages[0], 0).has_value());
  CHECK(player.next_turn == 1);
  CHECK(messages[0].stamps.dequeued_ns > 0);
  CHECK(messages[0].stamps.handled_ns >= messages[0].stamps.dequeued_ns);
  CHECK(desk.figures().of_content[0].handled.load() == 1);
  CHECK(desk.figures().of_content[1].handled.load() == 0);
}

TEST_CASE("the oracle detects a wrong thread, a wrong content and a wrong order") {
  const game::Game game = two_contents();
  Desk desk(game, {}, kHere);
  const oversoak::io::Address peer = *oversoak::io::Address::parse("fd00::1", 80);
  Player player(1, peer);
  player.owner = kHere;
  Messages messages(player);
  desk.handle(messages[0], 0);
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 0);
  desk.handle(messages[1], 1);  // the player is in 0
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 1);
  player.owner = kElsewhere;
  desk.handle(messages[2], 0);
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 2);
  CHECK(desk.figures().errors.load()[ServerError::out_of_turn] == 0);
  desk.handle(messages[1], 0);
  CHECK(desk.figures().errors.load()[ServerError::out_of_turn] == 1);
  std::vector<ErrorEvidence> first;
  desk.figures().errors.copy_first_to(first);
  REQUIRE(first.size() == 4);
  CHECK(first[0].error == ServerError::wrong_owner);
  CHECK(first[0].player == player.id);
  CHECK(first[0].peer.text() == "[fd00::1]:80");
  CHECK(first[0].message == 1);
  CHECK(first[3].error == ServerError::out_of_turn);
}

TEST_CASE("a message of an ended session only advances the turn") {
  game::Game game = two_contents();
  game.contents[0].moves = {{1, 1.0}};
  Desk desk(game, {}, kHere);
  Player player(1);
  player.owner = kHere;
  player.gone = true;
  Messages messages(player);
  CHECK(!desk.handle(messages[0], 0).has_value());
  CHECK(player.next_turn == 1);
  CHECK(desk.figures().of_content[0].handled.load() == 0);
}

TEST_CASE(
    "a misrouted message is handled by the wrong thread, and its owner only advances the turn") {
  const game::Game game = two_contents();
  Desk wrong(game, {}, kElsewhere);
  Desk right(game, {}, kHere);
  Player player(1);
  player.owner = kHere;
  Messages messages(player);
  wrong.handle_misrouted(messages[0], 1);
  CHECK(wrong.figures().errors.load()[ServerError::wrong_owner] == 1);
  CHECK(player.next_turn == 0);
  right.handle(messages[0], 0);
  CHECK(player.next_turn == 1);
  CHECK(right.figures().of_content[0].handled.load() == 0);
  CHECK(right.figures().errors.load()[ServerError::wrong_owner] == 0);
}

TEST_CASE("ticks that were missed are left out") {
  CHECK(tick_length_ns(0) == 0);
  CHECK(tick_length_ns(50) == 20'000'000);
  CHECK(tick_after_ns(100, 10, 100) == 110);
  CHECK(tick_after_ns(100, 10, 109) == 110);
  CHECK(tick_after_ns(100, 10, 110) == 120);
  CHECK(tick_after_ns(100, 10, 137) == 140);
  CHECK(ticks_skipped(100, 10, 109) == 0);
  CHECK(ticks_skipped(100, 10, 137) == 3);
}

TEST_CASE("homo handles at once without ticks, and moves the player itself") {
  game::Game game = two_contents();
  game.contents[0].moves = {{1, 1.0}};
  HomoDesk desk(game, {}, kHere);
  CHECK(desk.next_tick_ns() == HomoDesk::kNever);
  Player player(1);
  player.owner = kHere;
  Messages messages(player);
  CHECK(desk.is_ready(player, 0));
  desk.handle(messages[0]);
  CHECK(player.content == 1);
  CHECK(!desk.is_ready(player, 2));
  CHECK(desk.is_ready(player, 1));
  desk.handle(messages[1]);
  CHECK(player.content == 1);
  CHECK(desk.figures().moves.load() == 1);
  CHECK(desk.figures().of_content[1].arrivals.load() == 1);
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 0);
}

TEST_CASE("homo keeps the order of a player who leaves a content with ticks") {
  game::Game game = two_contents();
  game.contents[0].ticks_per_second = 10;
  game.contents[0].moves = {{1, 1.0}};
  HomoDesk desk(game, {}, kHere);
  Player player(1);
  player.owner = kHere;
  Messages messages(player);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(!desk.is_ready(player, i));
    desk.keep(messages[i]);
  }
  std::vector<Message*> handled;
  const std::int64_t tick_ns = desk.next_tick_ns();
  desk.tick(tick_ns - 1, handled);
  CHECK(handled.empty());
  desk.tick(tick_ns, handled);
  // The first in the lobby, at its tick; the others behind it in pvp, which has none.
  CHECK(handled == std::vector<Message*>{&messages[0], &messages[1], &messages[2]});
  CHECK(player.content == 1);
  CHECK(desk.figures().of_content[0].handled.load() == 1);
  CHECK(desk.figures().of_content[1].handled.load() == 2);
  CHECK(desk.next_tick_ns() == tick_ns + 100'000'000);
  CHECK(desk.is_ready(player, 3));
}

TEST_CASE("homo's planted misroute is seen as a content that does not own the player") {
  game::Game game = two_contents();
  game.contents[0].moves = {{1, 1.0}};
  ContentFaultSettings faults;
  faults.misroute_every = 1;
  HomoDesk desk(game, faults, kHere);
  Player player(1);
  player.owner = kHere;
  Messages messages(player);
  desk.handle(messages[0]);
  desk.handle(messages[1]);
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 1);
  desk.handle(messages[2]);
  CHECK(desk.figures().errors.load()[ServerError::wrong_owner] == 1);
}

TEST_SUITE_END();
