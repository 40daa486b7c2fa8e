#include "layout/zone_ref.h"

#include "layout/zone_message.h"

namespace oversoak::layout {

void ZoneRef::acquire() noexcept {
  if (message_ != nullptr) message_->references.fetch_add(1, std::memory_order_relaxed);
}

// What each thread did with the message comes before it is used again.
void ZoneRef::release() noexcept {
  if (message_ == nullptr) return;
  if (message_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    message_->recycle(*message_);
  }
}

}  // namespace oversoak::layout
