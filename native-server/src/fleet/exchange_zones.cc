// What a zone sends to the clients: its deliveries, and the answers to joins and leaves.
#include "fleet/count_error.h"
#include "fleet/exchange.h"

namespace oversoak::fleet {

// A zone's number to exactly one delivery.
void Exchange::note_number(Client& client, const Received& received, std::int64_t now_ns) {
  figures_.zones.deliveries.add();
  figures_.zones.skipped.add(received.skipped);
  const auto count = [&](FleetError error, const char* what) {
    count_error(figures_, client, error, now_ns, {}, [&] {
      return Mismatch{.what = what,
                      .message = received.number,
                      .expected_message = client.conversation.zone.next()};
    });
  };
  switch (received.finding) {
    case ZoneLedger::Finding::duplicate:
      count(FleetError::delivery_duplicate, "a delivery of its zone that had come before");
      break;
    case ZoneLedger::Finding::out_of_order:
      count(FleetError::delivery_out_of_order, "a later delivery of its zone had come before");
      break;
    case ZoneLedger::Finding::after_leave:
      count(FleetError::delivery_after_leave, "a delivery of the zone that it had left");
      break;
    case ZoneLedger::Finding::expected:
    case ZoneLedger::Finding::impossible:
      break;
  }
}

void Exchange::take_tick(Client& client, const Received& received, std::int64_t now_ns) {
  note_number(client, received, now_ns);
  figures_.zones.ticks.add();
  const bool timed = received.finding != ZoneLedger::Finding::duplicate && !client.read_pace;
  measurement_.ticked(received.intended_ns, received.sent_ns, now_ns, timed);
}

// The session's own is its echo.
bool Exchange::take_delivery(Client& client, const Received& received, std::int64_t now_ns) {
  note_number(client, received, now_ns);
  // Of a zone that other fleets have members of, the times may be those of another clock, and
  // nobody knows its last member.
  const bool is_whole = options_.zones->is_whole(client.conversation.session,
                                                 options_.first_session, options_.sessions);
  const bool timed =
      is_whole && received.finding != ZoneLedger::Finding::duplicate && !client.read_pace;
  const bool is_in_latency =
      measurement_.delivered({received.intended_ns, 0, received.sent_ns, now_ns}, timed);
  if (is_whole) {
    const std::uint32_t zone = options_.zones->of_session(client.conversation.session);
    const auto patience_ns = static_cast<std::int64_t>(options_.echo_timeout_ms * 1e6);
    spreads_.try_emplace(zone, patience_ns)
        .first->second.delivered(received.number, received.intended_ns, now_ns, is_in_latency,
                                 [this](const auto& spread) { note_spread(spread); });
  }
  if (received.echo.kind == EchoKind::unknown) return true;
  figures_.zones.own.add();
  return take_echo(client, received, now_ns);
}

// Of a delivery that a slow reader gets there is no time, and so none of the last member.
void Exchange::note_spread(const ZoneSpread::Spread& spread) {
  measurement_.delivered_to_all(spread.intended_ns, spread.last_ns);
}

void Exchange::finish_zones() {
  for (auto& [zone, spread] : spreads_) {
    spread.finish([this](const auto& one) { note_spread(one); });
  }
}

void Exchange::count_missing(const Client& client, std::uint64_t missing, std::int64_t now_ns) {
  if (missing == 0) return;
  const auto what = [] { return Mismatch{.what = "a number of its zone that was not delivered"}; };
  count_error(figures_, client, FleetError::delivery_missing, now_ns, {}, what, missing);
}

}  // namespace oversoak::fleet
