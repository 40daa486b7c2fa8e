// What a fleet with a described protocol makes of a server's bytes, in every framing and every way
// to match an answer with its request.
#include <array>
#include <memory>
#include <vector>

#include "check.h"
#include "fleet/dialect/framed_dialect.h"
#include "fleet/framed/programs.h"
#include "fleet/framed/reading.h"
#include "sides.h"

namespace oversoak::fuzz {
namespace {

using fleet::framed::Cut;
using fleet::framed::Framing;
using fleet::framed::Item;
using fleet::framed::Match;
using fleet::framed::NumberFormat;
using fleet::framed::NumberSource;
using fleet::framed::Op;
using fleet::framed::Pattern;
using fleet::framed::Program;
using SharedProgram = std::shared_ptr<const Program>;

constexpr std::size_t kLongest = 80;
constexpr std::uint32_t kSeed = 7;

Item until_text(std::string_view bytes) {
  Item item = test::text(bytes);
  item.op = Op::until;
  return item;
}

Item random_text(std::size_t min, std::size_t max) {
  Item item = test::random_bytes_of(min, max);
  item.alphabet = fleet::framed::Alphabet::text;
  return item;
}

// A message in words, which a line or its own pattern ends, with pushes and answers that report an
// error beside it.
Program words(Framing framing, std::string_view end) {
  const NumberFormat decimal(NumberFormat::Kind::decimal, 0, false);
  Pattern message{test::text("say "), test::number(NumberSource::sequence, decimal),
                  test::text(" "), random_text(1, 20)};
  Pattern push{test::text("*"), test::plain(Op::digits), test::text(" "), until_text(".")};
  Pattern error{test::text("-"), until_text("!")};
  for (Pattern* pattern : {&message, &push, &error}) {
    if (!end.empty()) pattern->push_back(test::text(end));
  }
  Program program;
  program.framing = std::move(framing);
  program.requests.push_back({std::uint64_t{1} << 32, message, {test::expected(message)}, 0});
  program.ignore.push_back(test::expected(push));
  program.errors.push_back(test::expected(error));
  program.longest_sent_bytes = program.longest_received_bytes = kLongest;
  return program;
}

Program varint() {
  Program program = test::numbered_echo(Match::sequence);
  program.framing = {};
  program.framing.by = Framing::By::varint;
  program.requests[0].expect[0].match_field->offset = 1;
  return program;
}

const std::array<SharedProgram, 6>& programs() {
  static const std::array<SharedProgram, 6> all{
      std::make_shared<const Program>(test::numbered_echo(Match::order)),
      std::make_shared<const Program>(test::numbered_echo(Match::sequence)),
      std::make_shared<const Program>(test::numbered_echo(Match::identifier)),
      std::make_shared<const Program>(words(test::by_line(), "")),
      std::make_shared<const Program>(words({}, ";")),
      std::make_shared<const Program>(varint()),
  };
  return all;
}

// What is cut does not depend on what follows it, and not on what lies behind the bytes: a copy as
// long as they are has nothing there, and reading past it is an error of AddressSanitizer.
void cut(const Program& program, std::span<const std::byte> bytes) {
  if (program.framing.by == Framing::By::message) return;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::vector<std::byte> exact(bytes.begin(),
                                       bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const Cut part = fleet::framed::cut_message(program, exact);
    if (part.status == Cut::Status::incomplete) continue;
    const Cut all = fleet::framed::cut_message(program, bytes);
    check(all.status == part.status && all.bytes == part.bytes, "a cut stays as it is");
    if (part.status == Cut::Status::broken) return;
    check(part.bytes > 0 && part.bytes <= size, "a message is of what is there");
    check(part.content_bytes <= part.bytes, "its content is a part of it");
    return;
  }
}

}  // namespace

void try_framed(std::uint8_t program, Input& input) {
  const SharedProgram& chosen = programs()[program % programs().size()];
  const std::uint64_t first_sequence = input.word();
  cut(*chosen, input.bytes(input.byte() % kLongest));
  Random random(first_sequence);
  talk(std::make_unique<fleet::FramedDialect>(chosen, kSeed), random, first_sequence, input);
}

}  // namespace oversoak::fuzz
