#pragma once

#include <napi.h>

namespace oversoak::addon {

// startFleet(options): options as in contracts' FleetOptions, all fields filled in. Returns an
// object {snapshot(), finishSending(), stop(drainSeconds)}.
Napi::Value start_fleet(const Napi::CallbackInfo& info);

}  // namespace oversoak::addon
