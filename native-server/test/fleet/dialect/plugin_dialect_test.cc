// A plug-in's table against answers that are made in memory.
#include "fleet/dialect/plugin_dialect.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "fleet/dialect/dialect_talk.h"
#include "wire/bytes.h"

using namespace oversoak;
using namespace oversoak::fleet;
using namespace oversoak::test;

namespace {

// A protocol of records of nine bytes: a kind, and a number.
constexpr std::size_t kRecordBytes = 9;

// What the plug-in was given and asked, by the test's thread.
struct Asked {
  int began = 0;
  int ended = 0;
  oversoak_session session{};
  std::string options;
};
Asked asked;

int state;

void* begin(const oversoak_session* session, const char** error) {
  asked.session = *session;
  asked.options = std::string(session->options, session->options_bytes);
  if (asked.options == "wrong") {
    *error = "there is no such option";
    return nullptr;
  }
  if (asked.options == "silent") return nullptr;
  ++asked.began;
  return &state;
}

void end(void* given) {
  CHECK(given == &state);
  ++asked.ended;
}

// Greets, and waits for one record of any kind.
int login(void*, unsigned char* buffer, std::size_t, std::size_t* bytes) {
  static int turn;
  if (turn++ % 2 == 0) {
    std::memcpy(buffer, "hello", 5);
    *bytes = 5;
    return OVERSOAK_LOGIN_WAITS;
  }
  return OVERSOAK_LOGIN_OVER;
}

std::size_t say(void*, std::uint64_t number, unsigned char* buffer, std::size_t room) {
  CHECK(room == kRecordBytes);
  buffer[0] = 'q';
  std::memcpy(buffer + 1, &number, sizeof number);
  return kRecordBytes;
}

int hear(void*, const unsigned char* bytes, std::size_t length, oversoak_heard* heard) {
  CHECK(heard->consumed == 0);
  CHECK(heard->number == OVERSOAK_NO_REQUEST);
  CHECK(heard->text == nullptr);
  if (bytes[0] == '?') return OVERSOAK_MORE;
  if (length < kRecordBytes) return OVERSOAK_MORE;
  heard->consumed = kRecordBytes;
  std::memcpy(&heard->number, bytes + 1, sizeof heard->number);
  switch (bytes[0]) {
    case 'a':
      return OVERSOAK_ANSWER;
    case 'p':
      return OVERSOAK_IGNORED;
    case 'e':
      heard->text = "it is refused";
      return OVERSOAK_ERROR;
    case 'E':
      return OVERSOAK_ERROR;
    case 'c':
      heard->text = "a checksum is wrong";
      return OVERSOAK_CORRUPT;
    default:
      return OVERSOAK_CORRUPT;
  }
}

oversoak_plugin_table table_of_test() {
  return {OVERSOAK_PLUGIN_ABI, 0, kRecordBytes, 2 * kRecordBytes, begin, nullptr, say, hear, end};
}

// What `exported` returns.
const oversoak_plugin_table* returned = nullptr;
const oversoak_plugin_table* exported(std::uint32_t abi) {
  CHECK(abi == OVERSOAK_PLUGIN_ABI);
  return returned;
}

std::shared_ptr<const Plugin> plugin_of(const oversoak_plugin_table& table,
                                        const char* options = "") {
  returned = &table;
  return std::make_shared<const Plugin>("own.so", options, exported);
}

std::string refusal(const oversoak_plugin_table* table, const char* options = "") {
  returned = table;
  try {
    Plugin("own.so", options, exported);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

Bytes record(char kind, std::uint64_t number) {
  Bytes bytes(kRecordBytes);
  bytes[0] = static_cast<std::byte>(kind);
  std::memcpy(bytes.data() + 1, &number, sizeof number);
  return bytes;
}

struct Talk : DialectTalk<PluginDialect> {
  explicit Talk(const oversoak_plugin_table& table, const char* options = "")
      : DialectTalk(plugin_of(table, options)) {}

  using DialectTalk::read;
  Received read(char kind, std::uint64_t number) {
    receive(record(kind, number));
    return read();
  }
};

}  // namespace

TEST_SUITE_BEGIN("plugin");

TEST_CASE(
    "requests are numbered from 0, and an answer is recognised with its times, in fragments") {
  const oversoak_plugin_table table = table_of_test();
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4}, kRecordBytes}) {
    Talk talk(table);
    for (std::int64_t now_ns = 10; now_ns < 100; ++now_ns) {
      const auto number = static_cast<std::uint64_t>(now_ns - 10);
      REQUIRE(talk.send(now_ns) == record('q', number));
      const Bytes answer = record('a', number);
      for (std::size_t at = 0; at < answer.size(); at += piece) {
        REQUIRE(talk.read().kind == Received::Kind::incomplete);
        talk.receive(std::span(answer).subspan(at, std::min(piece, answer.size() - at)));
      }
      const Received received = talk.read();
      REQUIRE(received.kind == Received::Kind::echo);
      REQUIRE(received.echo.kind == EchoKind::in_order);
      REQUIRE(received.echo.sent_ns == now_ns);
    }
    CHECK(talk.conversation.window.outstanding() == 0);
  }
}

TEST_CASE("what the server sends on its own is taken; several answers come at once") {
  const oversoak_plugin_table table = table_of_test();
  Talk talk(table);
  talk.send(10);
  talk.send(20);
  talk.receive(record('p', 0));
  talk.receive(record('a', 0));
  CHECK(talk.read().kind == Received::Kind::other);
  CHECK(talk.read().echo.sent_ns == 10);
  CHECK(talk.read().kind == Received::Kind::incomplete);
  CHECK(talk.read('a', 1).echo.sent_ns == 20);
}

TEST_CASE("in another order, twice, and of no request") {
  for (const std::uint32_t any_order : {0U, 1U}) {
    CAPTURE(any_order);
    oversoak_plugin_table table = table_of_test();
    table.any_order = any_order;
    Talk talk(table);
    CHECK(talk.dialect.keeps_order() == (any_order == 0));
    talk.send(10);
    talk.send(20);
    CHECK(talk.read('a', 1).echo.kind == EchoKind::in_order);
    CHECK(talk.read('a', 0).echo.kind ==
          (any_order == 0 ? EchoKind::out_of_order : EchoKind::in_order));
    CHECK(talk.read('a', 0).echo.kind == EchoKind::duplicate);
    CHECK(talk.read('a', 2).kind == Received::Kind::corrupt);
    const Mismatch found = talk.dialect.mismatch(talk.conversation);
    CHECK(std::string_view(found.what) ==
          "an answer to a request that was not sent on this connection");
    CHECK(found.got.size == kRecordBytes);
    CHECK_FALSE(found.message);
  }
}

TEST_CASE("an error of its own request, and of none") {
  const oversoak_plugin_table table = table_of_test();
  Talk talk(table);
  talk.send(10);
  const Received named = talk.read('e', 0);
  CHECK(named.kind == Received::Kind::error);
  CHECK(named.echo.sent_ns == 10);
  const Mismatch reported = talk.dialect.reported_error(talk.conversation);
  CHECK(std::string_view(reported.what) == "it is refused");
  CHECK(reported.message == 0);
  CHECK(reported.got.size == kRecordBytes);
  CHECK(talk.conversation.window.outstanding() == 0);

  const Received unnamed = talk.read('E', OVERSOAK_NO_REQUEST);
  CHECK(unnamed.kind == Received::Kind::error);
  CHECK(unnamed.echo.kind == EchoKind::unknown);
  CHECK(std::string_view(talk.dialect.reported_error(talk.conversation).what) ==
        "an answer that reports an error");
  CHECK(talk.read('e', 7).kind == Received::Kind::corrupt);
}

TEST_CASE("what the plug-in refuses is corrupt, with its text and the request that it names") {
  const oversoak_plugin_table table = table_of_test();
  Talk talk(table);
  talk.send(10);
  SUBCASE("with a text") {
    CHECK(talk.read('c', 0).kind == Received::Kind::corrupt);
    const Mismatch found = talk.dialect.mismatch(talk.conversation);
    CHECK(std::string_view(found.what) == "a checksum is wrong");
    CHECK(found.message == 0);
    CHECK(found.got.size == kRecordBytes);
  }
  SUBCASE("without one, of no request") {
    CHECK(talk.read('x', OVERSOAK_NO_REQUEST).kind == Received::Kind::corrupt);
    const Mismatch found = talk.dialect.mismatch(talk.conversation);
    CHECK(std::string_view(found.what) == "not what the plug-in expected");
    CHECK_FALSE(found.message);
  }
  SUBCASE("what never ends is as well, and needs no more room than the longest answer") {
    talk.receive(Bytes(2 * kRecordBytes - 1, std::byte{'?'}));
    CHECK(talk.read().kind == Received::Kind::incomplete);
    talk.receive(Bytes(1, std::byte{'?'}));
    CHECK(talk.read().kind == Received::Kind::corrupt);
    CHECK(std::string_view(talk.dialect.mismatch(talk.conversation).what) ==
          "longer than the longest answer of the plug-in");
  }
}

TEST_CASE("a login speaks and waits; without one nothing is said") {
  oversoak_plugin_table table = table_of_test();
  table.login = login;
  Talk talk(table);
  const auto turn = [&talk](Script script) {
    return talk.dialect.continue_script(talk.conversation, script, 0).kind;
  };
  CHECK(turn(Script::login) == ScriptTurn::Kind::waits);
  CHECK(talk.taken() == bytes_of("hello"));
  CHECK(talk.read('p', 0).kind == Received::Kind::other);
  CHECK(turn(Script::login) == ScriptTurn::Kind::over);
  CHECK(talk.taken().empty());
  CHECK(turn(Script::logout) == ScriptTurn::Kind::over);
  CHECK(talk.taken().empty());

  const oversoak_plugin_table without = table_of_test();
  Talk silent(without);
  CHECK(silent.dialect.continue_script(silent.conversation, Script::login, 0).kind ==
        ScriptTurn::Kind::over);
  CHECK(silent.taken().empty());
}

TEST_CASE("each connection has a state of its own, which is ended") {
  const oversoak_plugin_table table = table_of_test();
  asked = {};
  {
    Talk talk(table, "fast");
    // Once more for the check of the options.
    CHECK(asked.began == 2);
    CHECK(asked.ended == 1);
    CHECK(asked.options == "fast");
    CHECK(asked.session.session == 3);
    CHECK(asked.session.connection == 0);
    const std::uint64_t seed = asked.session.seed;
    talk.begin_connection();
    CHECK(asked.began == 3);
    CHECK(asked.ended == 2);
    CHECK(asked.session.connection == 1);
    CHECK(asked.session.seed != seed);
  }
  CHECK(asked.ended == 3);
}

TEST_CASE("a table that is not one is refused by name") {
  CHECK(refusal(nullptr) == "the plug-in own.so: it does not know ABI 1, which this fleet has");
  const auto changed = [](auto change) {
    oversoak_plugin_table table = table_of_test();
    change(table);
    return refusal(&table);
  };
  CHECK(changed([](oversoak_plugin_table&) {}).empty());
  CHECK(changed([](auto& table) { table.abi = 2; }) ==
        "the plug-in own.so: its table is of ABI 2; this fleet has ABI 1");
  CHECK(changed([](auto& table) { table.say = nullptr; }) ==
        "the plug-in own.so: its table has no function say");
  CHECK(changed([](auto& table) { table.end = nullptr; }) ==
        "the plug-in own.so: its table has no function end");
  CHECK(changed([](auto& table) { table.longest_request_bytes = 0; }) ==
        "the plug-in own.so: longest_request_bytes of its table must be from 1 to 1048576; it is "
        "0");
  CHECK(changed([](auto& table) { table.longest_answer_bytes = 1048577; }) ==
        "the plug-in own.so: longest_answer_bytes of its table must be from 1 to 1048576; it is "
        "1048577");
  CHECK(changed([](auto& table) { table.any_order = 2; }) ==
        "the plug-in own.so: any_order of its table must be 0 or 1; it is 2");
  CHECK_THROWS_WITH(Plugin("own.so", "", nullptr),
                    "the plug-in own.so: it exports no function oversoak_plugin");
}

TEST_CASE("options that it refuses are told with its text") {
  const oversoak_plugin_table table = table_of_test();
  CHECK(refusal(&table, "wrong") ==
        "the plug-in own.so: it refuses its options: there is no such option");
  CHECK(refusal(&table, "silent") ==
        "the plug-in own.so: it refuses its options: begin returned NULL and does not say why");
}

TEST_SUITE_END();
