#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "fleet/dialect/dialect_talk.h"
#include "fleet/dialect/framed_dialect.h"
#include "fleet/framed/programs.h"

// A connection of a described protocol, whose answers the test gives.
namespace oversoak::test {

using namespace fleet;

inline constexpr std::uint32_t kSeed = 9;

struct Talk : DialectTalk<FramedDialect> {
  explicit Talk(framed::Program program)
      : DialectTalk(std::make_shared<const framed::Program>(std::move(program)), kSeed) {}

  ScriptTurn::Kind says(Script script, std::int64_t now_ns = 0) {
    return dialect.continue_script(conversation, script, now_ns).kind;
  }

  using DialectTalk::receive;
  void receive(std::string_view text) { receive(bytes_of(text)); }

  using DialectTalk::read;
  Received::Kind read(std::string_view text) {
    receive(text);
    return read().kind;
  }
};

inline Talk live(framed::Program program) {
  Talk talk(std::move(program));
  REQUIRE(talk.says(Script::login) == ScriptTurn::Kind::over);
  return talk;
}

// Lines, as memcached has them: one request with an answer of two lines.
inline framed::Program lines() {
  framed::Program program;
  program.framing = by_line();
  program.requests.push_back(
      {std::uint64_t{1} << 32,
       {text("get")},
       {expected({text("VALUE "), plain(Op::digits)}), expected({text("END")})},
       0});
  program.ignore.push_back(expected({text("NOTE "), plain(Op::rest)}));
  program.errors.push_back(expected({text("ERROR")}));
  program.longest_sent_bytes = 5;
  program.longest_received_bytes = 30;
  return program;
}

}  // namespace oversoak::test
