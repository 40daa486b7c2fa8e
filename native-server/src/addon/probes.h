#pragma once

#include <napi.h>

namespace oversoak::addon {

// What the platform has of the experiments:
// probeNames(): the names of all probes, in the order of contracts' catalogue.
// runProbe(name, plant): both checked before (src/index.ts). A promise of
// {outcome, note, elapsedMs, figures: [{row?, name, value}]}.
void export_probes(Napi::Env env, Napi::Object exports);

}  // namespace oversoak::addon
