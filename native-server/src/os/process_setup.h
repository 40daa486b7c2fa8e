#pragma once

namespace oversoak::os {

// Configures the process for precise timing; the platform's file says what would falsify figures
// otherwise. Called once in each process that loads the addon, so a server's waits are as precise
// as a fleet's. Settings that an older system lacks are skipped.
void set_up_process() noexcept;

}  // namespace oversoak::os
