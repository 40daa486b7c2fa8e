#include "fleet/dialect/zone_dialect.h"

#include <algorithm>

#include "wire/zone.h"

namespace oversoak::fleet {

using Kind = Received::Kind;
using Finding = ZoneLedger::Finding;

ZoneDialect::ZoneDialect(MessageSizes sizes, const Zones& zones, Random& random)
    : OversoakDialect(sizes, {}, random), zones_(zones) {}

void ZoneDialect::write_message(Conversation& conversation, std::int64_t intended_ns,
                                std::int64_t now_ns, Random& random) {
  const bool goes_to_all = zones_.share == 1 || random.fraction() < zones_.share;
  write_message_as(goes_to_all ? wire::ZoneAct::broadcast : wire::ZoneAct::none, conversation,
                   intended_ns, now_ns, random);
}

std::size_t ZoneDialect::longest_answer_bytes() const noexcept {
  return std::max(wire::kDeliveryHeadBytes + longest_delivery_bytes(),
                  std::max(wire::kJoinedBytes, wire::kLeftBytes));
}

std::size_t ZoneDialect::longest_delivery_bytes() const noexcept {
  return std::max(longest_message_bytes(), zones_.tick_bytes);
}

// Each request is made once; then the session waits for its answer.
ScriptTurn ZoneDialect::continue_script(Conversation& conversation, Script script,
                                        std::int64_t now_ns) {
  const bool login = script == Script::login;
  const bool is_over = login ? conversation.zone.has_joined() : conversation.zone.has_left();
  if (is_over) return {ScriptTurn::Kind::over};
  if (!(login ? conversation.zone.begin_join() : conversation.zone.begin_leave()))
    return {ScriptTurn::Kind::waits};
  const wire::Header header{conversation.window.next_sequence(), now_ns, now_ns};
  if (login) {
    wire::build_join(append(conversation, wire::kJoinBytes), header,
                     zones_.of_session(conversation.session));
  } else {
    wire::build_leave(append(conversation, wire::kLeaveBytes), header);
  }
  return {ScriptTurn::Kind::waits};
}

Received ZoneDialect::read_answer(Conversation& conversation) {
  const auto is_delivery = wire::begins_delivery(conversation.inbox.unread());
  if (!is_delivery) return {};
  return *is_delivery ? read_delivery(conversation) : read_answer_frame(conversation);
}

// What comes after the leave is no echo.
Received ZoneDialect::read_delivery(Conversation& conversation) const {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse_delivery(unread, longest_delivery_bytes());
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Kind::corrupt};
  const auto frame = wire::frame_of(unread.first(parsed.size));
  const wire::DeliveryHead head = wire::delivery_head_of(unread);
  const wire::Header header = wire::header_of(frame);
  const bool is_tick = header.act == wire::ZoneAct::tick;
  const bool is_possible = is_tick
                               ? frame.size() == zones_.tick_bytes && header.sequence == head.number
                               : frame.size() <= longest_message_bytes();
  if (!is_possible) return {Kind::corrupt};
  Received received{is_tick ? Kind::tick : Kind::delivery};
  received.finding = conversation.zone.delivered(head.number, head.skipped);
  if (received.finding == Finding::impossible) return {Kind::corrupt};
  if (!is_tick && received.finding != Finding::after_leave) {
    const auto echo = take_in_kind(conversation, frame);
    if (!echo) return {Kind::corrupt};
    received.echo = *echo;
  }
  received.stamps = wire::stamps_of(frame);
  // A peer may send any times.
  received.stamps->ordered_ns =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(received.stamps->received_ns) +
                                static_cast<std::uint64_t>(head.ordered_since_ns));
  received.intended_ns = header.intended_ns;
  received.sent_ns = header.sent_ns;
  received.number = head.number;
  received.skipped = received.finding == Finding::expected ? head.skipped : 0;
  conversation.inbox.consume(parsed.size);
  return received;
}

Received ZoneDialect::read_answer_frame(Conversation& conversation) const {
  const auto unread = conversation.inbox.unread();
  const wire::Parsed parsed = wire::parse(unread, longest_answer_bytes(), true);
  if (parsed.status == wire::ParseStatus::incomplete) return {};
  if (parsed.status != wire::ParseStatus::complete) return {Kind::corrupt};
  const auto frame = unread.first(parsed.size);
  Received received;
  switch (wire::header_of(frame).act) {
    case wire::ZoneAct::join: {
      const auto joined = wire::joined_of(frame);
      if (!joined || joined->zone != zones_.of_session(conversation.session) ||
          !conversation.zone.joined(joined->number)) {
        return {Kind::corrupt};
      }
      received.kind = Kind::joined;
      break;
    }
    case wire::ZoneAct::leave: {
      const auto left = wire::left_of(frame);
      if (!left || !conversation.zone.left(left->number, left->skipped)) return {Kind::corrupt};
      received.kind = Kind::left;
      received.skipped = left->skipped;
      break;
    }
    case wire::ZoneAct::none: {
      const auto echo = take_in_kind(conversation, frame);
      if (!echo || echo->kind == EchoKind::unknown) return {Kind::corrupt};
      received.kind = Kind::echo;
      received.echo = *echo;
      received.stamps = wire::stamps_of(frame);
      break;
    }
    case wire::ZoneAct::broadcast:
    case wire::ZoneAct::tick:
      return {Kind::corrupt};
  }
  conversation.inbox.consume(parsed.size);
  return received;
}

// As take_echo(), but out of order only behind a later one of the same kind.
std::optional<Echo> ZoneDialect::take_in_kind(Conversation& conversation,
                                              std::span<const std::byte> frame) const {
  auto echo = take_echo(conversation, frame);
  if (!echo || echo->kind == EchoKind::unknown || echo->kind == EchoKind::duplicate) return echo;
  const bool is_broadcast = wire::header_of(frame).act == wire::ZoneAct::broadcast;
  std::uint64_t& next = conversation.next_in_kind[is_broadcast ? 1 : 0];
  echo->kind = echo->message >= next ? EchoKind::in_order : EchoKind::out_of_order;
  next = std::max(next, echo->message + 1);
  return echo;
}

Mismatch ZoneDialect::mismatch(const Conversation& conversation) const {
  const auto got = conversation.inbox.unread();
  const bool is_delivery = wire::begins_delivery(got).value_or(false);
  return {.what = is_delivery ? "a delivery that is not as it was sent, or with a number that the "
                                "zone cannot have"
                              : "an answer that the zone cannot give",
          .got = Excerpt::of(got)};
}

}  // namespace oversoak::fleet
