#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "server/session.h"

namespace oversoak::server {

// The members of each zone at one IO thread, which owns it.
class ZoneMembers {
 public:
  struct Zone {
    std::vector<Session*> members;
    layout::ZoneRef latest;  // only for a planted fault: the latest broadcast
  };

  void add(Session& session) {
    Zone& zone = zones_[session.zone->zone];
    session.zone->member = true;
    session.zone->index = zone.members.size();
    zone.members.push_back(&session);
  }

  void remove(Session& session) {
    const auto found = zones_.find(session.zone->zone);
    auto& members = found->second.members;
    members[session.zone->index] = members.back();
    members[session.zone->index]->zone->index = session.zone->index;
    members.pop_back();
    session.zone->member = false;
    if (members.empty()) zones_.erase(found);
  }

  // Null: it has no members here.
  Zone* find(std::uint32_t zone) {
    const auto found = zones_.find(zone);
    return found == zones_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::uint32_t, Zone> zones_;
};

}  // namespace oversoak::server
