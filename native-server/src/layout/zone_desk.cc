#include "layout/zone_desk.h"

#include <algorithm>

#include "fatal.h"
#include "os/clock.h"
#include "wire/zone.h"

namespace oversoak::layout {

using Kind = ZoneMessage::Kind;

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
  }
  fatal("a zone message of no kind");
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
