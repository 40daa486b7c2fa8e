#include "addon/program.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace oversoak::addon {
namespace {

using namespace fleet::framed;

template <typename Value, std::size_t Size>
using Named = std::array<std::pair<std::string_view, Value>, Size>;

constexpr Named<Op, 12> kOps{{{"bytes", Op::bytes},
                              {"number", Op::number},
                              {"random", Op::random},
                              {"session-random", Op::session_random},
                              {"size", Op::size},
                              {"length", Op::length},
                              {"checksum", Op::checksum},
                              {"any", Op::any},
                              {"not", Op::not_bytes},
                              {"until", Op::until},
                              {"digits", Op::digits},
                              {"rest", Op::rest}}};
constexpr Named<NumberSource, 4> kSources{{{"sequence", NumberSource::sequence},
                                           {"identifier", NumberSource::identifier},
                                           {"session", NumberSource::session},
                                           {"time", NumberSource::time}}};
constexpr Named<NumberFormat::Kind, 3> kFormats{{{"binary", NumberFormat::Kind::binary},
                                                 {"decimal", NumberFormat::Kind::decimal},
                                                 {"hex", NumberFormat::Kind::hex}}};
constexpr Named<Alphabet, 4> kAlphabets{{{"bytes", Alphabet::bytes},
                                         {"text", Alphabet::text},
                                         {"hex", Alphabet::hex},
                                         {"digits", Alphabet::digits}}};
constexpr Named<Framing::By, 4> kFramings{{{"length", Framing::By::length},
                                           {"varint", Framing::By::varint},
                                           {"delimiter", Framing::By::delimiter},
                                           {"template", Framing::By::message}}};
constexpr Named<Match, 3> kMatches{
    {{"order", Match::order}, {"sequence", Match::sequence}, {"identifier", Match::identifier}}};

template <typename Value, std::size_t Size>
Value one_of(const Fields& fields, const char* name, const Named<Value, Size>& values) {
  return fields.choice(name, [&values](std::string_view text) -> std::optional<Value> {
    const auto found = std::find_if(values.begin(), values.end(),
                                    [text](const auto& each) { return each.first == text; });
    return found == values.end() ? std::nullopt : std::optional(found->second);
  });
}

std::vector<std::byte> read_bytes(const Fields& fields, const char* name) {
  std::vector<std::byte> bytes;
  for (const std::uint8_t byte : fields.integers<std::uint8_t>(name)) {
    bytes.push_back(std::byte{byte});
  }
  return bytes;
}

std::int64_t read_delay_ns(const Fields& fields) {
  constexpr std::int64_t kMillisecond_ns = 1'000'000;
  return fields.integer<std::int64_t>("delayMs") * kMillisecond_ns;
}

NumberFormat read_format(const Fields& fields) {
  const auto kind = one_of(fields, "kind", kFormats);
  const bool binary = kind == NumberFormat::Kind::binary;
  return {kind, fields.integer<std::size_t>(binary ? "bytes" : "digits"),
          binary && fields.text("endian") == "little"};
}

Item read_item(const Fields& fields) {
  Item item{.op = one_of(fields, "op", kOps)};
  switch (item.op) {
    case Op::bytes:
    case Op::not_bytes:
    case Op::until:
      item.bytes = read_bytes(fields, "bytes");
      break;
    case Op::number:
      item.of = one_of(fields, "of", kSources);
      item.format = read_format(fields.object("format"));
      break;
    case Op::size:
      item.format = read_format(fields.object("format"));
      [[fallthrough]];
    case Op::random:
      item.ordinal = fields.integer<std::uint32_t>("ordinal");
      item.min = fields.integer<std::size_t>("min");
      item.max = fields.integer<std::size_t>("max");
      if (item.op == Op::random) item.alphabet = one_of(fields, "alphabet", kAlphabets);
      break;
    case Op::session_random:
      item.alphabet = one_of(fields, "alphabet", kAlphabets);
      [[fallthrough]];
    case Op::any:
      item.min = item.max = fields.integer<std::size_t>("bytes");
      break;
    case Op::checksum:
      item.checksum = fields.choice("name", find_checksum);
      item.format = read_format(fields.object("format"));
      item.covers_after = fields.text("covers") == "after";
      item.from = fields.integer<std::size_t>("from");
      break;
    case Op::length:
    case Op::digits:
    case Op::rest:
      break;
  }
  return item;
}

Pattern read_pattern(const Fields& fields, const char* name) {
  Pattern pattern;
  for (const Fields& item : fields.array(name)) pattern.push_back(read_item(item));
  return pattern;
}

std::vector<Expected> read_expected(const Fields& fields, const char* name) {
  std::vector<Expected> expected;
  for (const Fields& each : fields.array(name)) {
    Expected message{.items = read_pattern(each, "items")};
    if (!each.is_null("matchField")) {
      const Fields field = each.object("matchField");
      message.match_field =
          MatchField{field.integer<std::size_t>("offset"), one_of(field, "of", kSources),
                     read_format(field.object("format"))};
    }
    expected.push_back(std::move(message));
  }
  return expected;
}

std::vector<Step> read_steps(const Fields& fields, const char* name) {
  std::vector<Step> steps;
  for (const Fields& each : fields.array(name)) {
    Step step{.expect = read_expected(each, "expect"), .delay_ns = read_delay_ns(each)};
    if (!each.is_null("send")) step.send = read_pattern(each, "send");
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Request> read_requests(const Fields& fields) {
  std::vector<Request> requests;
  for (const Fields& each : fields.array("requests")) {
    requests.push_back({each.integer<std::uint64_t>("below"), read_pattern(each, "send"),
                        read_expected(each, "expect"), read_delay_ns(each)});
  }
  return requests;
}

Framing read_framing(const Fields& fields) {
  Framing framing{.by = one_of(fields, "by", kFramings)};
  switch (framing.by) {
    case Framing::By::length:
      framing.format = read_format(fields.object("format"));
      framing.bytes = fields.integer<std::size_t>("bytes");
      framing.added_bytes = fields.integer<std::size_t>("addedBytes");
      [[fallthrough]];
    case Framing::By::varint:
      framing.offset = fields.integer<std::size_t>("offset");
      break;
    case Framing::By::delimiter:
      framing.delimiter = read_bytes(fields, "delimiter");
      break;
    case Framing::By::message:
      break;
  }
  return framing;
}

}  // namespace

std::shared_ptr<const Program> read_program(const Fields& fields) {
  Program program;
  program.framing = read_framing(fields.object("framing"));
  program.match = one_of(fields, "match", kMatches);
  program.first_sequence = fields.integer<std::uint64_t>("firstSequence");
  program.login = read_steps(fields, "login");
  program.requests = read_requests(fields);
  program.logout = read_steps(fields, "logout");
  program.ignore = read_expected(fields, "ignore");
  program.errors = read_expected(fields, "errors");
  program.longest_sent_bytes = fields.integer<std::size_t>("longestSentBytes");
  program.longest_received_bytes = fields.integer<std::size_t>("longestReceivedBytes");
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace oversoak::addon
