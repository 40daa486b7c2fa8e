// What a session says to its zone: from its frame to the owner of the zone's order, and from there
// to the members at this IO thread.
#include <algorithm>
#include <utility>

#include "fatal.h"
#include "server/io_thread.h"
#include "wire/zone.h"

namespace oversoak::server {

using layout::ZoneMessage;
using layout::ZoneRef;
using metrics::ServerError;
using State = Session::State;
using Kind = ZoneMessage::Kind;
using Request = SessionZone::Request;

// Copies what is for the zone out of the inbox: the one payload of all deliveries. False if it is
// not valid, and the session is closed.
bool IoThread::say_to_zone(Session& session, layout::Message& message) {
  const std::span<std::byte> frame = message.bytes;
  const wire::ZoneAct act = wire::header_of(frame).act;
  if (act == wire::ZoneAct::none) return true;
  SessionZone& zone = *session.zone;
  const bool joins = act == wire::ZoneAct::join;
  const bool leaves = act == wire::ZoneAct::leave;
  const auto requested = joins ? wire::join_of(frame) : std::optional(zone.zone);
  const bool is_in_place = zone.latest == (joins ? Request::none : Request::join);
  const bool is_sayable = act != wire::ZoneAct::tick;
  if (!requested || !is_in_place || !is_sayable || (leaves && frame.size() != wire::kLeaveBytes)) {
    give_up(session, ServerError::malformed_frame,
            "a join or leave that is not valid, a broadcast of a session that is in no zone, or a "
            "tick, which only a server sends",
            {}, frame);
    return false;
  }
  zone.zone = *requested;
  if (joins) zone.latest = Request::join;
  if (leaves) zone.latest = Request::leave;
  PooledZoneMessage& said = new_zone_message(session, joins    ? Kind::join
                                                      : leaves ? Kind::leave
                                                               : Kind::broadcast);
  const std::size_t head = said.kind == Kind::broadcast ? wire::kDeliveryHeadBytes : 0;
  said.bytes.resize(head + frame.size());
  message.bytes = std::span(said.bytes).subspan(head);
  std::ranges::copy(frame, message.bytes.begin());
  message.zone = ZoneRef(said);
  return true;
}

PooledZoneMessage& IoThread::new_zone_message(Session& session, Kind kind) {
  PooledZoneMessage& message = zone_pool_.take();
  message.kind = kind;
  message.zone = session.zone->zone;
  message.home = this;
  message.session = &session;
  message.message = nullptr;
  return message;
}

void IoThread::pass_to_zone(ZoneRef message) {
  const layout::ContentThreads& contents = shared_.layout.content_threads();
  if (!contents.empty()) {
    const std::size_t owner = layout::zone_owner(message->zone, contents.size());
    return contents[owner]->push_to_zone(std::move(message));
  }
  const auto& owners = shared_.zone_owners;
  IoThread& owner = *owners[layout::zone_owner(message->zone, owners.size())];
  if (&owner == this) return zone_desk_.order(std::move(message));
  owner.post(std::move(message));
}

// Another thread, which wakes this one in the notifier's own way.
void IoThread::post(ZoneRef message) {
  if (zone_mail_.push(std::move(message))) notifier_->wake();
}

void IoThread::take_zone_mail() {
  if (!options_.zones) return;
  zone_mail_.take(zone_mailed_);
  for (ZoneRef& message : zone_mailed_) {
    if (message->ordered) {
      take(std::move(message));
    } else {
      zone_desk_.order(std::move(message));
    }
  }
  zone_mailed_.clear();
}

void IoThread::take(ZoneRef message) {
  switch (message->kind) {
    case Kind::broadcast:
    case Kind::tick:
      return deliver(*message);
    case Kind::join:
      return joined(static_cast<PooledZoneMessage&>(*message));
    case Kind::leave:
      return left(static_cast<PooledZoneMessage&>(*message));
    case Kind::gone:
      break;
  }
  fatal("a zone message that has no members to come to");
}

void IoThread::joined(PooledZoneMessage& message) {
  Session& session = *message.session;
  session.zone->seated = true;
  came_home(message);
  if (session.state == State::open) {
    zone_members_.add(session);
    zone_figures_.live.add();
  }
  const wire::Header request = wire::header_of(message.bytes);
  message.bytes.resize(wire::kJoinedBytes);
  wire::build_joined(message.bytes, request, {message.zone, message.number});
  zone_figures_.joins.add();
  queue_owed(session, message);
}

void IoThread::left(PooledZoneMessage& message) {
  Session& session = *message.session;
  session.zone->seated = false;
  came_home(message);
  queue_swapped(session);
  ZoneRef late;  // planted fault
  if (const auto* zone = zone_members_.find(message.zone);
      zone != nullptr && zone_faults_.delivers_after_leave()) {
    late = zone->latest;
  }
  stop_deliveries(session);
  const wire::Header request = wire::header_of(message.bytes);
  message.bytes.resize(wire::kLeftBytes);
  wire::build_left(message.bytes, request, {message.number, 0});
  zone_figures_.leaves.add();
  queue_owed(session, message);
  if (late) queue(session, *late, false);
}

// One payload for all members; the session's own copy is its echo. A tick is nobody's.
void IoThread::deliver(ZoneMessage& message) {
  // Only here: elsewhere the address of its session may be another session's by now.
  auto* own = message.home == this ? &static_cast<PooledZoneMessage&>(message) : nullptr;
  Session* const origin = own == nullptr ? nullptr : own->session;
  if (ZoneMembers::Zone* zone = zone_members_.find(message.zone)) {
    if (zone_faults_.keeps_latest()) zone->latest = ZoneRef(message);
    for (Session* member : zone->members) {
      if (member != origin) copy_to(*member, message);
    }
  }
  if (own == nullptr) return;
  came_home(*own);
  queue_owed(*origin, *own);
  queue_swapped(*origin);
}

// With the planted faults.
void IoThread::copy_to(Session& member, ZoneMessage& message) {
  const ZoneFaultPlan::Spoil spoil = zone_faults_.next_copy();
  if (spoil.drop) return;
  if (spoil.swap && !member.zone->swapped) {
    member.zone->swapped = ZoneRef(message);
    return;
  }
  queue(member, message, false);
  if (spoil.duplicate) queue(member, message, false);
  queue_swapped(member);
}

void IoThread::queue_swapped(Session& member) {
  if (!member.zone->swapped) return;
  const ZoneRef swapped = std::exchange(member.zone->swapped, {});
  queue(member, *swapped, false);
}

// What a session is owed counts like an echo.
void IoThread::queue_owed(Session& session, PooledZoneMessage& message) {
  if (session.state == State::closing) {
    sender_.figures.frames_discarded.add();
  } else if (queue(session, message, true)) {
    sender_.figures.frames_echoed.add();
  }
}

// True if it waits for the session's send; a session that it overflows is closed.
bool IoThread::queue(Session& session, ZoneMessage& message, bool owed) {
  if (session.state == State::closing) return false;
  ZoneBacklog& backlog = session.zone->backlog;
  const ZoneBacklog::Added added = backlog.add(ZoneRef(message), owed);
  zone_figures_.backlog_max_bytes.raise_to(backlog.bytes());
  zone_figures_.dropped.add(added.dropped);
  zone_figures_.replaced.add(added.replaced);
  if (added.overflowed) {
    zone_figures_.closed.add();
    give_up(session, ServerError::send_overflow,
            "sendQueueBytes of deliveries wait for a peer that reads too slowly");
  }
  if (!added.queued) return false;
  if (message.is_delivery()) zone_figures_.copies.add();
  session.may_send = true;
  mark_dirty(session);
  return true;
}

// The message of a session has come back to it, ordered.
void IoThread::came_home(PooledZoneMessage& message) {
  if (message.message != nullptr) {
    message.message->in_use.store(false, std::memory_order_relaxed);
    message.message = nullptr;
  }
  Session& session = *message.session;
  session.messages_out.fetch_sub(1, std::memory_order_relaxed);
  mark_dirty(session);
}

// From now on nothing that others say goes to the session.
void IoThread::stop_deliveries(Session& session) {
  if (!session.zone->member) return;
  zone_members_.remove(session);
  zone_figures_.live.subtract();
}

// The session ends; the owner of its zone's order has not been told yet if it did not leave.
void IoThread::end_zone(Session& session) {
  stop_deliveries(session);
  if (!session.zone->seated) return;
  session.zone->seated = false;
  pass_to_zone(ZoneRef(new_zone_message(session, Kind::gone)));
}

}  // namespace oversoak::server
