#pragma once

#include "layout/zone_pool.h"

namespace oversoak::server {

struct PooledMessage;
struct Session;

// A zone message of a session. The session is there until the message has come home.
struct PooledZoneMessage : layout::ZoneMessage {
  Session* session = nullptr;
  PooledMessage* message = nullptr;  // that went through the content threads for it; null: none
};

// Of one IO thread.
using SessionZonePool = layout::ZonePool<PooledZoneMessage>;

}  // namespace oversoak::server
