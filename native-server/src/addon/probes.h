#pragma once

#include <napi.h>

namespace oversoak::addon {

// probeNames(): the names of all probes, in the order of contracts' catalogue.
Napi::Value probe_names(const Napi::CallbackInfo& info);

// runProbe(name, plant): both checked before (src/index.ts). A promise of
// {outcome, note, elapsedMs, figures: [{row?, name, value}]}.
Napi::Value run_probe(const Napi::CallbackInfo& info);

}  // namespace oversoak::addon
