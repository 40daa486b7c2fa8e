#include "layout/zone_desk.h"

#include <algorithm>

#include "fatal.h"
#include "layout/ticks.h"
#include "os/clock.h"
#include "wire/zone.h"

namespace oversoak::layout {

using Kind = ZoneMessage::Kind;

ZoneDesk::ZoneDesk(const game::ZoneTickSettings& ticks, ZoneTickPool& pool, ZoneHome* self)
    : tick_ns_(tick_length_ns(ticks.per_second)), pool_(pool), self_(self) {
  if (tick_ns_ == 0) return;
  payload_.resize(ticks.bytes - wire::kOverheadBytes);
  for (std::size_t i = 0; i < payload_.size(); ++i) payload_[i] = static_cast<std::byte>(i);
  figures_.tick_lateness = std::make_unique<metrics::Histogram>();
}

// The home gets an answer behind all deliveries that are numbered before it. Of a broadcast the
// session's own home is always among those with members: it leaves only after its messages.
void ZoneDesk::order(ZoneRef ref) {
  ZoneMessage& message = *ref;
  message.ordered = true;
  switch (message.kind) {
    case Kind::broadcast: {
      Zone& zone = zone_of_member(message);
      message.number = ++zone.latest;
      const std::span<std::byte> delivery(message.bytes);
      const std::int64_t received_ns = wire::stamps_of(wire::frame_of(delivery)).received_ns;
      wire::write_delivery_head(delivery, {message.number, 0, os::now_ns() - received_ns});
      figures_.broadcasts.add();
      for (const Seats& seats : zone.seats) mail(*seats.home, ref);
      return;
    }
    case Kind::join: {
      Zone& zone = zones_[message.zone];
      if (zone.seats.empty()) begin_ticks(zone, message.zone);
      message.number = zone.latest;
      take_seat(zone, *message.home);
      return mail(*message.home, std::move(ref));
    }
    case Kind::leave:
      message.number = zone_of_member(message).latest;
      give_seat_up(message);
      return mail(*message.home, std::move(ref));
    case Kind::gone:
      return give_seat_up(message);
    case Kind::tick:
      break;
  }
  fatal("a zone message that no session says");
}

// The first one is due a whole tick later.
void ZoneDesk::begin_ticks(Zone& zone, std::uint32_t number) {
  if (tick_ns_ == 0) return;
  zone.next_tick_ns = os::now_ns() + tick_ns_;
  ticks_.add({zone.next_tick_ns, number});
}

// What becomes due meanwhile waits for the next call: whoever has more to do than time goes on with
// the rest.
void ZoneDesk::run_ticks() {
  if (tick_ns_ == 0) return;
  const std::int64_t until_ns = os::now_ns();
  while (ticks_.next_ns() <= until_ns) {
    const ZoneTicks::Due due = ticks_.take();
    const auto found = zones_.find(due.zone);
    // The zone has ended, or has ended and begun again.
    if (found == zones_.end() || found->second.next_tick_ns != due.at_ns) continue;
    Zone& zone = found->second;
    const std::int64_t now_ns = os::now_ns();
    zone.next_tick_ns = tick_after_ns(due.at_ns, tick_ns_, now_ns);
    ticks_.add({zone.next_tick_ns, due.zone});
    const std::int64_t skipped = ticks_skipped(due.at_ns, tick_ns_, now_ns);
    figures_.ticks_skipped.add(static_cast<std::uint64_t>(skipped));
    send_tick(due.zone, zone, due.at_ns, now_ns);
  }
}

void ZoneDesk::send_tick(std::uint32_t number, Zone& zone, std::int64_t due_ns,
                         std::int64_t now_ns) {
  ZoneMessage& message = pool_.take();
  const ZoneRef ref(message);
  message.kind = Kind::tick;
  message.ordered = true;
  message.zone = number;
  message.number = ++zone.latest;
  message.bytes.resize(wire::kDeliveryHeadBytes + wire::kOverheadBytes + payload_.size());
  wire::build_tick(message.bytes, {message.number, due_ns, now_ns}, payload_);
  figures_.ticks.add();
  figures_.tick_lateness->record(now_ns - due_ns);
  for (const Seats& seats : zone.seats) mail(*seats.home, ref);
}

ZoneDesk::Zone& ZoneDesk::zone_of_member(const ZoneMessage& message) {
  const auto found = zones_.find(message.zone);
  if (found == zones_.end()) fatal("a member of a zone that is not there");
  return found->second;
}

void ZoneDesk::take_seat(Zone& zone, ZoneHome& home) {
  const auto found = std::ranges::find(zone.seats, &home, &Seats::home);
  if (found == zone.seats.end()) {
    zone.seats.push_back({&home, 1});
  } else {
    ++found->members;
  }
}

void ZoneDesk::give_seat_up(const ZoneMessage& message) {
  Zone& zone = zone_of_member(message);
  const auto found = std::ranges::find(zone.seats, message.home, &Seats::home);
  if (found == zone.seats.end()) fatal("a member of a zone without a seat");
  if (--found->members > 0) return;
  zone.seats.erase(found);
  if (zone.seats.empty()) zones_.erase(message.zone);
}

void ZoneDesk::mail(ZoneHome& home, ZoneRef message) {
  if (&home == self_) return home.take(std::move(message));
  figures_.mailed.add();
  home.post(std::move(message));
}

}  // namespace oversoak::layout
