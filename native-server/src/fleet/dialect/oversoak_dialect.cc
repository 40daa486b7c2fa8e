#include "fleet/dialect/oversoak_dialect.h"

#include <algorithm>
#include <utility>

namespace oversoak::fleet {
namespace {

constexpr std::size_t kPayloadSourceBytes = 2 * 16'384;

const char* what_is(wire::ParseStatus status) noexcept {
  switch (status) {
    case wire::ParseStatus::malformed:
      return "a length or a length of its answer that no message has";
    case wire::ParseStatus::oversized:
      return "longer than any message";
    case wire::ParseStatus::checksum_mismatch:
      return "bytes that do not match their checksum";
    case wire::ParseStatus::complete:
      return "a sequence that was not sent on this connection";
    case wire::ParseStatus::incomplete:
      break;
  }
  return "a part of a message";
}

}  // namespace

OversoakDialect::OversoakDialect(MessageSizes sizes, SizeMix answers, Random& random)
    : sizes_(sizes),
      answers_(std::move(answers)),
      payload_(payload_source(kPayloadSourceBytes, random)) {}

std::size_t OversoakDialect::longest_answer_bytes() const noexcept {
  return answers_.empty() ? sizes_.max_bytes : answers_.longest_bytes();
}

void OversoakDialect::begin(Conversation& conversation, Random&) {
  conversation.made.resize(conversation.window.capacity());
}

void OversoakDialect::write_message(Conversation& conversation, std::int64_t intended_ns,
                                    std::int64_t now_ns, Random& random) {
  write_message_as(wire::ZoneAct::none, conversation, intended_ns, now_ns, random);
}

void OversoakDialect::write_message_as(wire::ZoneAct act, Conversation& conversation,
                                       std::int64_t intended_ns, std::int64_t now_ns,
                                       Random& random) {
  const std::size_t size = sizes_.draw(random);
  const std::size_t at = random.below(payload_.size() - (size - wire::kOverheadBytes));
  const std::size_t answer = answers_.empty() ? 0 : answers_.draw(random);
  Conversation::Made& made = conversation.made_of(conversation.window.next_message());
  made = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size),
          static_cast<std::uint32_t>(answer), act, intended_ns};
  wire::build(append(conversation, size),
              {conversation.window.next_sequence(), intended_ns, now_ns, answer, act},
              payload_of(made));
}

Received OversoakDialect::read_answer(Conversation& conversation) {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(unread, longest_answer_bytes());
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Received::Kind::corrupt};
  const auto frame = unread.first(parsed.size);
  const auto echo = take_echo(conversation, frame);
  if (!echo || echo->kind == EchoKind::unknown) return {Received::Kind::corrupt};
  const wire::Stamps stamps = wire::stamps_of(frame);
  conversation.inbox.consume(parsed.size);
  return {Received::Kind::echo, *echo, stamps};
}

std::optional<Echo> OversoakDialect::take_echo(Conversation& conversation,
                                               std::span<const std::byte> frame) const {
  const wire::Header header = wire::header_of(frame);
  const Echo echo = conversation.window.find(header.sequence);
  if (echo.kind == EchoKind::unknown) return echo;
  if (!is_as_requested(conversation, echo, header, frame)) return std::nullopt;
  conversation.window.take(echo);
  return echo;
}

// A checksum only shows that the server's bytes arrived: a server may change a message and make a
// new checksum. So every byte but the stamps is compared with the request. The request of a
// duplicate may be overwritten.
bool OversoakDialect::is_as_requested(const Conversation& conversation, const Echo& echo,
                                      const wire::Header& header,
                                      std::span<const std::byte> frame) const {
  if (echo.kind == EchoKind::duplicate) return answers_.empty() == (header.answer_bytes == 0);
  const Conversation::Made& made = conversation.made_of(echo.message);
  const std::size_t size = answers_.empty() ? made.bytes : made.answer_bytes;
  return frame.size() == size && header.answer_bytes == made.answer_bytes &&
         header.act == made.act && header.intended_ns == made.intended_ns &&
         header.sent_ns == echo.sent_ns && wire::is_answer(frame, payload_of(made));
}

Mismatch OversoakDialect::mismatch(const Conversation& conversation) const {
  const auto got = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(got, longest_answer_bytes());
  Mismatch found{.what = what_is(parsed.status), .got = Excerpt::of(got)};
  // Compared with the message of its sequence, if that is unanswered, else with the oldest one.
  const bool has_header = got.size() >= wire::kHeaderBytes;
  auto sent = has_header ? conversation.window.unanswered(wire::header_of(got).sequence)
                         : std::optional<Window::Sent>();
  if (sent) {
    found.message = sent->message;
    if (parsed.status == wire::ParseStatus::complete) found.what = "another answer than requested";
  } else {
    sent = conversation.window.oldest_unanswered();
    if (!sent) return found;
    found.expected_message = sent->message;
  }
  const std::vector<std::byte> right = expected(conversation, *sent);
  const auto whole = got.first(std::min(got.size(), right.size()));
  const std::size_t offset =
      first_difference(right, whole, wire::kStampsOffset, wire::kHeaderBytes);
  found.offset = offset;
  found.expected = Excerpt::of(std::span(right).subspan(offset));
  found.got = Excerpt::of(whole.subspan(offset));
  return found;
}

std::span<const std::byte> OversoakDialect::payload_of(const Conversation::Made& made) const {
  return std::span(payload_).subspan(made.payload_at, made.bytes - wire::kOverheadBytes);
}

// The answer to a message, without the server's stamps.
std::vector<std::byte> OversoakDialect::expected(const Conversation& conversation,
                                                 const Window::Sent& sent) const {
  const Conversation::Made& made = conversation.made_of(sent.message);
  std::vector<std::byte> request(made.bytes);
  wire::build(request, {sent.sequence, made.intended_ns, sent.sent_ns, made.answer_bytes, made.act},
              payload_of(made));
  std::vector<std::byte> answer(wire::answer_bytes_of(request));
  wire::write_answer(wire::Protocol::oversoak, answer, request);
  return answer;
}

}  // namespace oversoak::fleet
