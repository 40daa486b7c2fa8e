#pragma once

#include <napi.h>

namespace oversoak::addon {

// The experiments of the platform:
// probeNames(): the names of all probes, in the order of contracts' catalogue.
// runProbe(name, plant): both checked before (src/index.ts). A promise of
// {outcome, note, elapsedMs, figures: [{row?, name, value}]}.
void export_probes(Napi::Env env, Napi::Object exports);

}  // namespace oversoak::addon
