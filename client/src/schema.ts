// Generated from docs/reference/openapi.json: npm run docs
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the process serves requests */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redis can be reached and accepts writes */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** metrics for Prometheus: this control plane, and the cluster as it is now */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/enrolments/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** exchange a join token, once, for the identity of an agent */
        post: operations["joinCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * soaks, newest first; of all, or those that match every filter
         * @description With filters, a page may have fewer soaks than `limit` although more match: continue while there is a `nextCursor`.
         */
        get: operations["listSoaks"];
        put?: never;
        /** submit a soak */
        post: operations["submitSoak"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** what a soak would be if it were submitted now; nothing is stored */
        post: operations["planSoak"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a soak with its runs */
        get: operations["getSoak"];
        put?: never;
        post?: never;
        /**
         * delete a finished soak with everything that is stored of it
         * @description Its runs, results, events and samples are gone. What remains: the audit, the figures in a schedule's trend, and the number of runs by verdict.
         */
        delete: operations["deleteSoak"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the cells of a soak side by side, as JSON, CSV or Markdown */
        get: operations["compareCells"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** cancel a soak; a finished soak is not changed */
        post: operations["cancelSoak"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** server-sent events of all runs of a soak: `state` and `sample`; after Last-Event-ID, what came since, and that of the same millisecond again; ends when all are done */
        get: operations["followSoak"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** all that is shown of a soak: its comparison, latency by percentile, runs against time; as JSON or as one HTML file that needs no network */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/{soakId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a finished soak as one file, one JSON text per line; gzip if accepted */
        get: operations["exportSoak"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/soaks/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** store a soak from its file, plain or gzip, completely or not at all; 200: it already existed */
        post: operations["importSoak"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a run and, when it is done, its result document */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{runId}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the samples of a run, oldest first; for a live run, continue from nextCursor */
        get: operations["listSamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{runId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** server-sent events of a run: `state` and `sample`, from the start or after Last-Event-ID; ends after the state `done` */
        get: operations["followRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a schedule */
        get: operations["getSchedule"];
        /**
         * create or replace a schedule
         * @description The body replaces the whole schedule, including the webhook and its secret. The control plane itself calls the webhook, signed as Standard Webhooks says.
         */
        put: operations["putSchedule"];
        post?: never;
        /** delete a schedule and its history; its soaks stay, and continue */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** every schedule, by name */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** submit its soak now, even if it is disabled or the last soak is not done */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** history of its ticks, newest first; the newest 1,000 are kept */
        get: operations["listTicks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** all registered agents, by id */
        get: operations["listAgents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{agentId}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** let an agent finish its current runs and give it no more, until the drain is ended */
        post: operations["drainAgent"];
        /** end the drain of an agent */
        delete: operations["endDrainOfAgent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/probes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * test the lecture's claims about Winsock on agents
         * @description The response lists the requested probes of each agent at once; GET /v1/agents/ID/probes has the answers. An agent runs its probes one after the other while it has no run. A probe that is pending on an agent is not requested twice, so the request may be repeated.
         */
        post: operations["requestProbes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{agentId}/probes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the latest answer of each probe of an agent, and its requested probes */
        get: operations["getProbesOfAgent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/baselines/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** a baseline */
        get: operations["getBaseline"];
        /** pin a finished soak under a name; replaces the soak that had the name */
        put: operations["pinBaseline"];
        post?: never;
        /** remove a baseline; its soak stays, and retention may delete it from now on */
        delete: operations["unpinBaseline"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/baselines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** baselines by name */
        get: operations["listBaselines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** two soaks, or cells of them, side by side, as JSON, CSV, Markdown or one HTML file */
        get: operations["compareTwo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** whether the soaks of a schedule became worse, metric by metric */
        get: operations["getTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** who the token says you are */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** every token without its secret, by name */
        get: operations["listTokens"];
        put?: never;
        /** create a token; its secret is in this answer only */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** revoke a token: it is refused from the next request on */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/enrolments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** the agents that have joined with identities of their own, by id */
        get: operations["listEnrolments"];
        put?: never;
        /** create a token with which one machine may join; it is in this answer only */
        post: operations["enrolAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/enrolments/{agentId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** create a token for a new identity of an enrolled agent; the one before ends when it is used */
        post: operations["rotateAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/enrolments/{agentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** end an enrolment: its Redis user is deleted, and its runs end as of a lost agent */
        delete: operations["revokeAgent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** changes, refused authentications and refused reports of 400 days, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    scheduledSoakEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * to the webhook of a schedule, signed as https://www.standardwebhooks.com specifies
         * @description Anything but 2xx within 10 s is retried with exponential backoff for 23 hours; redirects are not followed. The same event may arrive twice, with the same webhook-id.
         */
        post: operations["scheduledSoakEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Agent: {
            agentId: string;
            /** @description identifies the agent process; new at every start */
            incarnation: string;
            labels: {
                [key: string]: string;
            };
            /** @description how many parts of runs the agent executes at the same time */
            slots: number;
            /** @description address at which fleets reach its servers */
            advertisedHost: string;
            /** @description whether a spec may plant faults here */
            allowsFaults: boolean;
            /** @description servers that its fleet may load beside those of its gangs: "address[/bits][:port]" */
            targets: string[];
            /** @description libraries that its fleet may load to speak a protocol; left out: none */
            plugins?: components["schemas"]["PluginFile"][];
            clientPorts: components["schemas"]["ClientPorts"];
            environment: components["schemas"]["Environment"];
            /** @description false: its lease has lapsed */
            live: boolean;
            /** @description the agent finishes its current runs and gets no more */
            draining: boolean;
            /** @description slots that runs hold */
            slotsUsed: number;
        };
        AgentProbeAnswer: {
            /** @enum {unknown} */
            name: "overlapped-receive-pends" | "blocking-send-needs-room" | "overlapped-send-pends" | "send-outlives-the-peers-end" | "system-call-is-the-callers" | "at-once-signals-event" | "at-once-queues-routine" | "at-once-posts-completion" | "skip-on-success-posts-none" | "routine-beats-event" | "socket-event-stays-signalled" | "wait-takes-64-handles" | "routine-needs-alertable-wait" | "alertable-wait-returns-io-completion" | "socket-is-overlapped" | "wsabuf-may-be-discarded" | "buffer-is-written-later" | "buffers-are-one-stream" | "byte-count-needs-completion" | "arrival-completes-nothing" | "select-reports-arrival" | "event-select-reports-arrival" | "async-select-reports-arrival" | "acceptex-pends" | "connectex-completes-overlapped" | "accept-thread-keeps-up" | "five-thousand-receives" | "close-ends-operations" | "cancel-ends-operations" | "thread-exit-ends-operations" | "adapters-segment" | "file-needs-overlapped-flag" | "file-io-is-reported" | "same-offset-overwrites" | "reads-name-their-offset";
            claim: string;
            /** @description the lines of the lecture, and what Windows documents */
            source: string;
            /** @enum {unknown} */
            outcome: "holds" | "does-not-hold" | "unsupported" | "inconclusive";
            evidence: {
                /** @description of a table; null: no table */
                row: string | null;
                name: string;
                what: string;
                /** @description null: the platform does not report it, or the probe did not get that far */
                value: number | null;
                /** @enum {unknown} */
                unit: "us" | "ms" | "bytes" | "count" | "perSecond" | "code" | "yes";
            }[];
            /** @description what differed from the claim, or why there is no answer */
            note: string;
            elapsedMs: number;
            agentId: string;
            /** @description Redis time at which it was known */
            atMs: number;
            platform: components["schemas"]["ProbePlatform"];
        };
        AgentProbes: {
            agentId: string;
            /** @description false: its lease has expired, so no answer will come */
            live: boolean;
            platform: components["schemas"]["ProbePlatform"];
            /** @description requested probes without an answer, in the order in which they will run */
            requested: {
                /** @enum {unknown} */
                name: "overlapped-receive-pends" | "blocking-send-needs-room" | "overlapped-send-pends" | "send-outlives-the-peers-end" | "system-call-is-the-callers" | "at-once-signals-event" | "at-once-queues-routine" | "at-once-posts-completion" | "skip-on-success-posts-none" | "routine-beats-event" | "socket-event-stays-signalled" | "wait-takes-64-handles" | "routine-needs-alertable-wait" | "alertable-wait-returns-io-completion" | "socket-is-overlapped" | "wsabuf-may-be-discarded" | "buffer-is-written-later" | "buffers-are-one-stream" | "byte-count-needs-completion" | "arrival-completes-nothing" | "select-reports-arrival" | "event-select-reports-arrival" | "async-select-reports-arrival" | "acceptex-pends" | "connectex-completes-overlapped" | "accept-thread-keeps-up" | "five-thousand-receives" | "close-ends-operations" | "cancel-ends-operations" | "thread-exit-ends-operations" | "adapters-segment" | "file-needs-overlapped-flag" | "file-io-is-reported" | "same-offset-overwrites" | "reads-name-their-offset";
                /** @description Redis time */
                requestedAtMs: number;
                /** @description Redis time; null: it has not started, or it yielded to a run and will start again */
                startedAtMs: number | null;
            }[];
            /** @description why the requested probes do not start; null: they are not waiting */
            waiting: string | null;
            /** @description the latest answer of each probe, in the order of the catalogue */
            answers: components["schemas"]["AgentProbeAnswer"][];
        };
        AuditEntry: {
            /** @description Redis time */
            atMs: number;
            /** @description name and id of the token, or id of the agent; null: not known */
            who: string | null;
            /** @description address of the caller; null: it came through a queue */
            from: string | null;
            /** @description method and route, or what an agent did */
            action: string;
            /** @description what it was done to: the parameters of the path, or the run */
            subject: string | null;
            /** @description HTTP status, or why it was refused */
            outcome: string;
        };
        Baseline: {
            name: string;
            soakId: string;
            note: string;
            pinnedAtMs: number;
            /** @description schedule whose trend's base begins with this soak; the newest such pin counts */
            schedule: string | null;
        };
        /**
         * @example {
         *       "soakId": "soak-01k9x2m4qrs6tv8wxyz0123456",
         *       "note": "before the new allocator"
         *     }
         */
        BaselineRequest: {
            /** @description id of a finished soak */
            soakId: string;
            /** @description default: "" */
            note?: string;
            /** @description a schedule that the soak belongs to: its trend's base restarts with this soak */
            schedule?: string;
        };
        Caller: {
            /** @description of the token; "bootstrap" is the one of OVERSOAK_TOKEN */
            id: string;
            name: string;
            /**
             * @description reader: sees everything; operator: also runs soaks; admin: everything
             * @enum {unknown}
             */
            role: "reader" | "operator" | "admin";
            /** @description Redis time; null: never, which only the token of OVERSOAK_TOKEN does */
            expiresAtMs: number | null;
        };
        Capabilities: {
            /**
             * @description what the addon was built for
             * @enum {unknown}
             */
            platform: "windows" | "linux";
            /** @description as the kernel says, e.g. 10.0.22631 (Windows), 6.1.0-18-amd64 (Linux) */
            systemVersion: string;
            wineVersion: string | null;
            /** @description logical processors that the agent may use, by its affinity and processor groups */
            cores: number;
            /** @description turns of the loop that burns the CPU time of messages, per microsecond; measured once, at the start of the agent, for all of its servers */
            spinTurnsPerUs: number;
            /** @description the platform's own, each verified by an echo over loopback */
            notifiers: {
                /** @enum {unknown} */
                name: "iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring";
                works: boolean;
                reason: string | null;
            }[];
            layouts: ("homo" | "hetero" | "hetero-channels")[];
        };
        Cell: {
            /** @description null: the server is a target that oversoak did not start */
            notifier: ("iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring") | null;
            layout: ("homo" | "hetero" | "hetero-channels") | null;
            sessions: number;
            /** @enum {unknown} */
            containerLock?: "mutex" | "srwlock" | "sharded";
            /** @enum {unknown} */
            contentQueue?: "locked" | "lock-free";
            /**
             * @description baseline: a cell of the baseline; absent: a cell of the soak itself
             * @enum {unknown}
             */
            side?: "baseline";
        };
        CellDifference: {
            /** @description key of the cell */
            left: string;
            /** @description key of the cell */
            right: string;
            metrics: components["schemas"]["MetricDifference"][];
        };
        Check: {
            /** @description as written in the spec; implied thresholds in the same form */
            threshold: string;
            /**
             * @description unknown: too little was measured, or the platform has no figure
             * @enum {unknown}
             */
            outcome: "held" | "missed" | "unknown";
            /** @description the figure as text, with its unit; with "every", that of the worst window */
            actual: string;
            /** @description only for a threshold with "every" */
            windows?: {
                /** @description windows that held or missed */
                judged: number;
                missed: number;
                /** @description windows with too little data to decide */
                undecided: number;
            };
        };
        ClientPorts: {
            /** @description client ports that its fleets may use at the same time */
            budget: number;
            /** @description how long a connection that the fleet ended keeps its port (TIME_WAIT) */
            timeWaitSeconds: number;
        };
        ComparedCell: {
            /** @description notifier.layout.sessions, or target.sessions */
            key: string;
            cell: components["schemas"]["Cell"];
            /** @description worst of its runs; null while one is not done */
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            /** @description those of the worst verdict first; where there are several repeats, each begins with its own ("repeat 2: ...") */
            reasons: string[];
            /** @description the load of every run was sound; null while one is not done */
            loadSound: boolean | null;
            runs: {
                runId: string;
                repeat: number;
                verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            }[];
            /** @description summed over the repeats */
            measuredSeconds: number;
            /** @description messages due per second; null without a result */
            offeredRate: number | null;
            /** @description messages sent per second; null without a result */
            achievedRate: number | null;
            /** @description messages due in the measurement whose echo came back */
            echoes: number;
            latencyIntended: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            latencyActual: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description the fleet's own lateness, of messages that nothing held back */
            sendLag: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            ledger: {
                sent: number;
                echoed: number;
                inFlight: number;
                lostOnClose: number;
                balanced: boolean;
            };
            /** @description whole run, ramp-up and drain included */
            errors: {
                connectFailed: number;
                connectTimedOut: number;
                disconnectedByServer: number;
                corrupt: number;
                outOfOrder: number;
                duplicate: number;
                notReceivedInTime: number;
                errorAnswer: number;
                deliveryMissing: number;
                deliveryDuplicate: number;
                deliveryOutOfOrder: number;
                deliveryAfterLeave: number;
                acceptFailed: number;
                malformedFrame: number;
                oversizedFrame: number;
                checksumMismatch: number;
                sendOverflow: number;
                receiveFailed: number;
                sendFailed: number;
                peerReset: number;
                queueOverflow: number;
                wrongOwner: number;
                outOfTurn: number;
                playersUnbalanced: number;
            };
            /** @description CPU time of the server's own threads / echoes that the server handed to a send, over the measurements of all repeats; as `server.cpuPerEcho` of a repeat */
            serverCpuPerEchoUs: number | null;
            /** @description as in the budget */
            ioThreadsRequested: number | null;
            /** @description largest of the repeats */
            ioThreadsRan: number | null;
            /** @description as in the budget */
            contentThreadsRequested: number | null;
            /** @description largest of the repeats */
            contentThreadsRan: number | null;
            lockWait: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            queueWait: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            moveLatency: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description most messages that waited for a content */
            queueDepthMax: number | null;
            /** @description messages that waited, as content threads found them */
            queueDepthMean: number | null;
            /** @description queues that a message went through, mean; 0 in homo */
            hopsPerMessage: number | null;
            /** @description moves of players in the measurements */
            moves: number | null;
            /** @description messages passed on because their player had moved */
            rerouted: number | null;
            contents: {
                name: string;
                /** @description messages in the measurements */
                handled: number;
                queueWait: {
                    count: number;
                    /** @description median */
                    p50Us: number | null;
                    /** @description 90th percentile */
                    p90Us: number | null;
                    /** @description 99th percentile */
                    p99Us: number | null;
                    /** @description 99.9th percentile */
                    p999Us: number | null;
                    /** @description mean of the slowest 1 % */
                    slowestUs: number | null;
                    /** @description largest */
                    maxUs: number | null;
                };
                queueDepthMax: number;
                /** @description as its threads found it */
                queueDepthMean: number | null;
                rerouted: number;
                /** @description mean time that the work took */
                workUsPerMessage: number | null;
            }[];
            /** @description null: without zones */
            zones: components["schemas"]["ComparedZones"] | null;
            /** @description the server's own threads */
            threadCpu: {
                /** @description as in the snapshot: accept, io-0, lobby-0, ... */
                name: string;
                /** @description CPU seconds per second of measurement */
                share: number;
            }[];
            /** @description mean stages of the slowest echoes: whole groups of similar latency, from the slowest down until they have 1 % of the echoes, so mostly a few more than in `slowestUs`; null where the protocol has no stamps */
            slowest: components["schemas"]["MeanStages"] | null;
            /** @description largest at the end of a measurement */
            serverWorkingSetBytes: number | null;
            /** @description mean */
            completionsPerBatch: number | null;
            /** @description receives that the call itself finished, 0 to 1 */
            receivesAtOnceShare: number | null;
            /** @description labels of the environments involved */
            platform: string[];
        };
        ComparedPrediction: {
            /** @description key of the cell */
            key: string;
            figure: string;
            /** @description unit of the figure: us, %, B, ...; empty: none */
            unit: string;
            predicted: {
                /** @description as written, with the default tolerance of "=" added */
                text: string;
                /** @enum {unknown} */
                operator: "=" | "==" | "<" | "<=" | ">" | ">=";
                value: number;
                /** @description only for "=": the largest deviation that counts as predicted */
                tolerance: number;
            };
            /** @description null: no repeat has the figure */
            actual: {
                /** @description over the repeats; the prediction is compared with it */
                median: number;
                /** @description lowest of the repeats */
                low: number;
                /** @description highest of the repeats */
                high: number;
                /** @description repeats that have the figure */
                runs: number;
            } | null;
            /** @description (median − value) / value; null: no figure, or the value is 0 */
            difference: number | null;
            /** @enum {unknown} */
            outcome: "as predicted" | "not as predicted" | "no figure";
        };
        ComparedZones: {
            /** @description queued for members, the senders' own and ticks included */
            deliveries: number;
            /** @description deliveries per second */
            deliveryRate: number | null;
            /** @description from the time at which a message was due until a member has it */
            latency: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description the same until the last member has it */
            lastMember: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description deliveries in no latency, without ticks */
            untimed: number;
            /** @description updates that the server sent to zones without a request */
            ticks: number;
            /** @description ticks left out because the server was late */
            ticksSkipped: number;
            /** @description ticks that came to members */
            tickDeliveries: number;
            /** @description from the time at which a tick was due until a member has it; only of fleets that share the clock of their server */
            tickLatency: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description from the time at which a tick was due until the server sent it */
            tickLateness: {
                count: number;
                /** @description median */
                p50Us: number | null;
                /** @description 90th percentile */
                p90Us: number | null;
                /** @description 99th percentile */
                p99Us: number | null;
                /** @description 99.9th percentile */
                p999Us: number | null;
                /** @description mean of the slowest 1 % */
                slowestUs: number | null;
                /** @description largest */
                maxUs: number | null;
            };
            /** @description deliveries of a message or tick to a zone, mean */
            perBroadcast: number | null;
            /** @description mailbox messages of one to IO threads, mean */
            mailsPerBroadcast: number | null;
            /** @description sends issued per message received */
            sendsPerReceive: number | null;
            /** @description bytes sent per message received */
            bytesPerReceive: number | null;
            /** @description CPU time of the server's own threads / deliveries */
            cpuPerDeliveryUs: number | null;
            /** @description of these, the IO threads */
            ioCpuPerDeliveryUs: number | null;
            /** @description of these, the content threads */
            contentCpuPerDeliveryUs: number | null;
            /** @description most bytes that waited for one member */
            backlogMaxBytes: number;
            /** @description most payloads that were alive at once */
            payloads: number;
            /** @description deliveries left out by the policy drop; whole run */
            dropped: number;
            /** @description deliveries left out by the policy newest; whole run */
            replaced: number;
            /** @description sessions ended by the policy close; whole run */
            closed: number;
            /** @description what the members were told that they missed; whole run */
            skipped: number;
        };
        Comparison: {
            soakId: string;
            name: string;
            /** @description every run is done */
            complete: boolean;
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            /** @description every distinct label; to be shown with the figures */
            platform: string[];
            cells: components["schemas"]["ComparedCell"][];
            /** @description the predictions of the spec, cell by cell; they change no verdict */
            predictions: components["schemas"]["ComparedPrediction"][];
            /** @description which cell is best by a metric, among those with as many sessions */
            rankings: components["schemas"]["Ranking"][];
            /** @description the baseline that the soak is compared with; null: none */
            against: {
                /** @description name of the baseline */
                baseline: string;
                /** @description the soak that was pinned under that name */
                soakId: string;
                /** @description fields in which the two specs measure something else, as dotted paths */
                differs: string[];
                /** @description left: the cell of the baseline */
                cells: components["schemas"]["CellDifference"][];
            } | null;
            /** @description caveats, as runs that the rankings and the comparison with the baseline leave out */
            notes: string[];
        };
        /** @description a soak */
        CompleteSoakSpec: {
            name: string;
            description?: string;
            matrix: {
                /** @description required, unless the server is a target */
                notifier?: ("iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring")[];
                /** @description default: homo */
                layout?: ("homo" | "hetero" | "hetero-channels")[];
                sessions: number[];
                /** @description varies game.containerLock, in the layouts that use it */
                containerLock?: ("mutex" | "srwlock" | "sharded")[];
                /** @description varies game.contentQueue, in the layouts that use it */
                contentQueue?: ("locked" | "lock-free")[];
            };
            target?: components["schemas"]["Target"];
            workload: {
                /**
                 * @description of the soak's own server and its fleet; default: oversoak
                 * @enum {unknown}
                 */
                protocol?: "oversoak" | "echo8" | "raw";
                /**
                 * @description oversoak frames have 64 bytes at least
                 * @default 64
                 */
                minFrameBytes: number;
                /**
                 * @description sizes are uniformly distributed from minFrameBytes to maxFrameBytes, both included; echo8 messages always have 10 bytes
                 * @default 256
                 */
                maxFrameBytes: number;
                /** @description request and response: the size of the frame that answers, as one size, as {min, max}, or as a list of {share, min, max} whose shares add up to 1; without it every message is echoed. Only under the protocol "oversoak"; the fleet verifies size and content of each answer */
                responseBytes?: number | {
                    min: number;
                    max: number;
                } | {
                    share: number;
                    min: number;
                    max: number;
                }[];
                /**
                 * @description constant and poisson are open loop: a message has an intended time, whatever the server does; closed: a session sends when an echo has come back
                 * @default constant
                 * @enum {unknown}
                 */
                pacing: "constant" | "poisson" | "closed";
                /** @description messages per second of the whole fleet; open loop only */
                ratePerSecond?: number;
                /**
                 * @description closed loop only: wait after an echo before the next send
                 * @default 0
                 */
                loopDelayMs: number;
                /**
                 * @description messages that a session may have in flight
                 * @default 1
                 */
                overSend: number;
                /** @default 5000 */
                echoTimeoutMs: number;
                /**
                 * @description a connect that takes longer is an error; so is a session that the fleet has begun to close and that the server does not close within this time
                 * @default 5000
                 */
                connectTimeoutMs: number;
                /**
                 * @description churn: sessions of the whole fleet that disconnect and reconnect, per second
                 * @default 0
                 */
                disconnectsPerSecond: number;
                /**
                 * @description share of the disconnects that reset the connection instead of closing it gracefully
                 * @default 0
                 */
                abortiveShare: number;
                /** @description sessions that read no faster than this, with a small receive buffer; their echoes are checked, but not counted as latency, and as overdue only if nothing comes for as long as an echo may take */
                slowReaders?: {
                    /** @description share of the sessions */
                    share: number;
                    bytesPerSecond: number;
                };
                zones?: components["schemas"]["Zones"];
            };
            threads: components["schemas"]["Threads"];
            /**
             * @description refuse a cell that needs more threads than `threads`
             * @default false
             */
            strictBudget: boolean;
            game: components["schemas"]["Game"];
            /** @default {} */
            server: {
                /**
                 * @description 0: any free port
                 * @default 0
                 */
                port: number;
                /**
                 * @description clients other than the gang's fleets may connect too: accepts are then not compared with connects
                 * @default false
                 */
                foreignClients: boolean;
                /**
                 * @description full: a receive is always posted; half: a session receives again only when all earlier messages are answered and the send is complete
                 * @default full
                 * @enum {unknown}
                 */
                duplex: "full" | "half";
                /**
                 * @description bytes of answers that a session may queue behind the send in flight; `overSend` answers should fit, or a client that reads slowly for a moment is an error
                 * @default 262144
                 */
                sendQueueBytes: number;
                iocp: components["schemas"]["IocpOptions"];
            };
            /** @default {} */
            fleet: {
                /**
                 * @description fleet agents of a gang; sessions and rate are divided among them
                 * @default 1
                 */
                agents: number;
                /** @default 1 */
                threads: number;
            };
            phases: {
                /**
                 * @description the connects are distributed evenly over this time
                 * @default 1
                 */
                rampUpSeconds: number;
                /** @default 2 */
                warmUpSeconds: number;
                measureSeconds: number;
                /**
                 * @description the longest wait for echoes in flight after the last send
                 * @default 5
                 */
                drainSeconds: number;
            };
            /** @default 1 */
            repeats: number;
            /** @default 1 */
            seed: number;
            /** @default {} */
            placement: {
                /** @description labels that an agent must have */
                server?: {
                    [key: string]: string;
                };
                /** @description labels that an agent must have */
                fleet?: {
                    [key: string]: string;
                };
            };
            /** @description run the cells of this pinned baseline too, by its own spec, each next to the cell with the same key, so that differences between nights affect both sides */
            against?: {
                baseline: string;
            };
            /**
             * @description 9 goes first; ten minutes of waiting count as one step
             * @default 5
             */
            priority: number;
            /**
             * @description every error class has an implied "== 0"
             * @default []
             */
            thresholds: (string | {
                /** @description e.g. "echo.latency.p99 < 50ms", "achieved.rate >= 99% every 60s" */
                threshold: string;
                /** @description end the run as soon as the threshold is missed; for errors, or with "every" */
                abort: boolean;
            })[];
            /** @description expected figures; the comparison shows them beside the measurement, and no verdict changes */
            predictions?: (string | {
                /** @description e.g. "server.wakesPerEcho = 2 ± 20%", "echo.latency.p99 < 5ms" */
                predict: string;
                /** @enum {unknown} */
                notifier?: "iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring";
                /** @enum {unknown} */
                layout?: "homo" | "hetero" | "hetero-channels";
                sessions?: number;
            })[];
            fault?: components["schemas"]["Fault"];
        };
        Content: {
            name: string;
            /**
             * @description CPU time that each message burns, in microseconds (a calibrated spin)
             * @default 0
             */
            workUs: number;
            /** @description kinds of messages, each with its own work; replaces workUs */
            mix?: {
                /** @description of the messages of this content; the shares of a mix add up to 1 */
                share: number;
                /**
                 * @description CPU time that each message burns, in microseconds (a calibrated spin)
                 * @default 0
                 */
                workUs: number;
            }[];
            /** @description the content works in an update loop of this rate: messages wait for the next tick; absent: as they come */
            ticksPerSecond?: number;
            /**
             * @description probability, after each message, that the player moves to the content of that name
             * @default {}
             */
            moves: {
                [key: string]: number;
            };
        };
        /** @description one content, over all threads that do it */
        ContentFigures: {
            name: string;
            /** @description content threads; 0 in homo */
            threads: number;
            /** @description messages handled */
            handled: number;
            /** @description players that moved here */
            arrivals: number;
            /** @description times that a handled message was put into a queue; none in homo */
            hops: number;
            /** @description messages passed on, because their player had moved meanwhile */
            rerouted: number;
            /** @description time that the work took */
            workSeconds: number;
            /** @description as its threads see it when they take from it */
            queueDepth: {
                /** @description messages that waited, most at a time */
                max: number;
                /** @description messages that waited, summed over the looks */
                sum: number;
                /** @description looks at the queue that found one; sum / looks is the mean */
                looks: number;
            };
        };
        CreatedToken: {
            /** @description of the token; "bootstrap" is the one of OVERSOAK_TOKEN */
            id: string;
            name: string;
            /**
             * @description reader: sees everything; operator: also runs soaks; admin: everything
             * @enum {unknown}
             */
            role: "reader" | "operator" | "admin";
            /** @description Redis time; null: never, which only the token of OVERSOAK_TOKEN does */
            expiresAtMs: number | null;
            /** @description Redis time */
            createdAtMs: number;
            /** @description osk_<id>_<secret>; shown here and never again */
            token: string;
        };
        Drift: {
            /** @enum {unknown} */
            metric: "workingSet" | "privateBytes" | "handles" | "threads" | "p99";
            /** @enum {unknown} */
            unit: "bytes/h" | "handles/h" | "threads/h" | "us/h";
            /** @description number of windows used */
            windows: number;
            /** @description time that the windows cover */
            hours: number;
            /** @description falls that neither noise nor the rise explains; from eight on, the lowest points between them are judged, and below no rise is claimed; 0: none, all windows are judged */
            cycles: number;
            /** @description per hour, Theil-Sen, behind the first eighth; null: no figure on this platform, or too few */
            slope: number | null;
            /** @description lower end of its 95 % confidence interval; null: not known */
            low: number | null;
            /** @description upper end */
            high: number | null;
            /** @description steady: rises like a leak; none: does not rise throughout; bent: rises like something that fills up or cycles slowly; few-cycles: too few cycles to decide; null: no slope */
            rise: ("steady" | "none" | "bent" | "few-cycles") | null;
        };
        Enrolment: {
            /** @description one of its own in the cluster */
            agentId: string;
            /** @description IPv4 or IPv6 address at which fleets reach the servers that run there */
            address: string;
            /**
             * @description what a soak can ask for when it chooses its agents
             * @default {}
             */
            labels: {
                [key: string]: string;
            };
            /**
             * @description servers that its fleets may load beside those of their own runs: "address[/bits][:port]"
             * @default [
             *       "127.0.0.0/8",
             *       "::1"
             *     ]
             */
            targets: string[];
            /** @description counts the identities that the id has had; only the newest is one */
            generation: number;
            /** @description Redis time */
            joinedAtMs: number;
        };
        /**
         * @example {
         *       "agentId": "win-1",
         *       "address": "10.0.0.7",
         *       "labels": {
         *         "rack": "a"
         *       }
         *     }
         */
        EnrolmentRequest: {
            /** @description one of its own in the cluster */
            agentId: string;
            /** @description IPv4 or IPv6 address at which fleets reach the servers that run there */
            address: string;
            /** @description what a soak can ask for when it chooses its agents */
            labels?: {
                [key: string]: string;
            };
            /** @description servers that its fleets may load beside those of their own runs: "address[/bits][:port]"; default: ["127.0.0.0/8","::1"] */
            targets?: string[];
        };
        Environment: {
            hostname: string;
            cpuModel: string;
            memoryBytes: number;
            nodeVersion: string;
            addonVersion: string;
            capabilities: components["schemas"]["Capabilities"];
        };
        ErrorBound: {
            errors: number;
            echoes: number;
            /** @description errors per echo, upper bound at 95 %: none in n: 3/n, else exact (Clopper-Pearson, one-sided) */
            upperRate: number;
        };
        ErrorEvidence: {
            /** @enum {unknown} */
            class: "connectFailed" | "connectTimedOut" | "disconnectedByServer" | "corrupt" | "outOfOrder" | "duplicate" | "notReceivedInTime" | "errorAnswer" | "deliveryMissing" | "deliveryDuplicate" | "deliveryOutOfOrder" | "deliveryAfterLeave" | "acceptFailed" | "malformedFrame" | "oversizedFrame" | "checksumMismatch" | "sendOverflow" | "receiveFailed" | "sendFailed" | "peerReset" | "queueOverflow" | "wrongOwner" | "outOfTurn" | "playersUnbalanced";
            /** @description when it was noticed, since the run started */
            sinceStartSeconds: number;
            /** @description its number in the fleet, or on the server, from 0 */
            session?: number;
            /** @description address and port of the other end */
            peer?: string;
            /** @description of the session's socket, in a fleet */
            localPort?: number;
            /** @description what was seen */
            what: string;
            /** @description of the system, e.g. "WSAECONNREFUSED (10061)" */
            code?: string;
            /** @description number of the message in its connection, from 0; in a described protocol its {sequence} or {identifier}, as it is on the wire, and without either the number from firstSequence on, the messages of the login included */
            message?: number;
            /** @description number of the message that was to come; of a connection that ended, the oldest that waited */
            expectedMessage?: number;
            /** @description of the first wrong byte: in the message; in the protocol raw, in the bytes of the connection */
            offset?: number;
            /** @description what was sent, from that byte on; up to 32 bytes */
            expectedHex?: string;
            /** @description what came, from that byte on; of a connection that ended, the bytes of the message that was not whole; up to 32 bytes */
            gotHex?: string;
        };
        Evidence: {
            checks: components["schemas"]["Check"][];
            /** @description null: no echo */
            errorBound: components["schemas"]["ErrorBound"] | null;
            /** @description one for each metric; empty without a result */
            drift: components["schemas"]["Drift"][];
        };
        /** @description planted faults; "every" counts per thread */
        Fault: {
            /** @description flip a payload or checksum bit of every n-th echo */
            corruptEvery?: number;
            /** @description do not send every n-th echo */
            dropEvery?: number;
            /** @description send every n-th echo twice */
            duplicateEvery?: number;
            /** @description a thread of the content sleeps */
            stallContent?: {
                /** @description name of the content */
                content: string;
                /** @description at every n-th message of the content */
                every: number;
                stallMs: number;
            };
            /** @description memory, written to */
            leakBytesPerAccept?: number;
            /** @description kernel handles (events) */
            leakHandlesPerAccept?: number;
            leakSocketsPerAccept?: number;
            /** @description every n-th session first receives an echo that belongs to a session that ended */
            staleEvery?: number;
            /** @description after every n-th move the player's next message is delivered to the old content */
            misrouteEvery?: number;
            /** @description do not send every n-th delivery to another member of the zone */
            zoneDropEvery?: number;
            /** @description send every n-th such delivery twice */
            zoneDuplicateEvery?: number;
            /** @description send every n-th such delivery after the next one */
            zoneSwapEvery?: number;
            /** @description send one more delivery after the answer to every n-th member's leave */
            zoneAfterLeaveEvery?: number;
        };
        FleetFigures: {
            /** @description since startFleet */
            elapsedSeconds: number;
            sessions: {
                /** @description as in the options */
                requested: number;
                /** @description connected now */
                live: number;
                /** @description connections made */
                connects: number;
                /** @description graceful ends by the fleet itself (churn), not counting the stop */
                disconnects: number;
                /** @description resets by the fleet itself (churn), not counting the stop */
                aborts: number;
                /** @description requested sessions that read slowly */
                slowReaders: number;
            };
            ledger: components["schemas"]["Ledger"];
            zones?: components["schemas"]["FleetZoneFigures"];
            bytes: {
                /** @description bytes */
                received: number;
                /** @description bytes */
                sent: number;
            };
            errors: {
                /** @description a connection was refused or failed */
                connectFailed: number;
                /** @description a connection was not established, its login not over, or (churn) not closed by the server, within `connectTimeoutMs` */
                connectTimedOut: number;
                /** @description the server closed or reset a session that the fleet had not ended */
                disconnectedByServer: number;
                /** @description an echo whose CRC, header, sequence or (raw) bytes match no message that was sent, or what the description of a protocol does not have */
                corrupt: number;
                /** @description an echo that arrived after the echo of a later message of its session */
                outOfOrder: number;
                /** @description an echo of a message that had been echoed before */
                duplicate: number;
                /** @description no echo within `echoTimeoutMs` of the actual send, or before the drain was over */
                notReceivedInTime: number;
                /** @description an answer that reports an error (`errors` of a described protocol) */
                errorAnswer: number;
                /** @description a message of the session's zone, between its join and its leave, that never came and that no policy left out */
                deliveryMissing: number;
                /** @description a message of the session's zone that had come before */
                deliveryDuplicate: number;
                /** @description a message of the session's zone that came after a later one */
                deliveryOutOfOrder: number;
                /** @description a message of the zone that came after the answer to the leave */
                deliveryAfterLeave: number;
            };
            /** @description slow echoes that `takeSlowest` does not return, because they came while it was reading */
            slowEchoesLetGo: number;
            threads: components["schemas"]["ThreadFigures"][];
            process: components["schemas"]["ProcessFigures"];
            measured: {
                load: components["schemas"]["Load"];
                stalls: {
                    /** @description times that a thread of the fleet stood still for 20 ms or longer */
                    count: number;
                    /** @description total time, summed over the threads */
                    seconds: number;
                };
                /** @description time in which the busiest thread of the fleet had work, or did not get to run */
                busySeconds: number;
                connectsRefused: {
                    /** @description connects that the fleet's own system refused for want of a descriptor, port or memory; each is tried again after a second */
                    count: number;
                    /** @description time for which sessions waited after that, summed over the sessions */
                    seconds: number;
                    /** @description of the first: the error of the system */
                    reason?: string;
                };
                stages: components["schemas"]["StageRow"][];
                latency: {
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    intended: string;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    actual: string;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    disturbed: string;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    disturbedLeast: string;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    sendLag: string;
                };
                /** @description only with zones; count and untimed are without ticks. latency: from the time at which the message of the origin was due to each member that has it, the origin included; lastMember: until the last member of the zone has it */
                deliveries?: {
                    /** @description in the histogram */
                    count: number;
                    /** @description in no histogram: of slow readers, or while the fleet stood still */
                    untimed: number;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    latency: string;
                    /** @description HDR histogram V2, deflated, base64; unit ns */
                    lastMember?: string;
                    /** @description only with ticks. latency: from when the tick was due until a member has it, of the ticks that were due in the measurement; only with a shared clock. Without one, a tick counts by when it came */
                    ticks?: {
                        /** @description in the histogram */
                        count: number;
                        /** @description not in it: of slow readers, while the fleet stood still, and without a shared clock */
                        untimed: number;
                        /**
                         * @description other: an echo shows that server and fleet read two clocks, whose times say nothing about each other; shared: none does, so what they differ by is less than the fastest echo took; unknown: no echo came
                         * @enum {unknown}
                         */
                        clock: "unknown" | "shared" | "other";
                        /** @description HDR histogram V2, deflated, base64; unit ns */
                        latency?: string;
                    };
                };
            };
        };
        FleetResult: {
            /** @enum {string} */
            role: "fleet";
            measuredSeconds: number;
            /** @description cumulative figures at three moments; a server's measurement is measureEnd minus measureStart, a fleet's is `measured` of final */
            figures: {
                measureStart: components["schemas"]["FleetFigures"];
                measureEnd: components["schemas"]["FleetFigures"];
                final: components["schemas"]["FleetFigures"];
            };
            series: components["schemas"]["FleetSeries"];
            /** @description what the target's name was resolved to, and where the fleet connected */
            targetAddress?: string;
            /** @description the first 5 errors of each class, oldest first; absent: none */
            firstErrors?: components["schemas"]["ErrorEvidence"][];
        };
        FleetSeries: {
            /** @description as planned */
            windowSeconds: number;
            /** @description complete windows of the measurement, in order; time in which the process stood still makes a window longer; a remainder at the end is only in the totals */
            windows: components["schemas"]["FleetWindow"][];
        };
        FleetWindow: {
            /** @description since the measurement began */
            startSeconds: number;
            endSeconds: number;
            /** @description latency of the messages that were due in the window, whenever they ended; HDR text */
            intended: string;
            load: components["schemas"]["Load"];
            /** @description by how many windows later the messages of load.afterEnd were sent; a number may occur twice */
            leftLater: {
                /** @description how many windows after the one in which they were due */
                windows: number;
                messages: number;
            }[];
            /** @description errors of the window, by class */
            errors: {
                connectFailed: number;
                connectTimedOut: number;
                disconnectedByServer: number;
                corrupt: number;
                outOfOrder: number;
                duplicate: number;
                notReceivedInTime: number;
                errorAnswer: number;
                deliveryMissing: number;
                deliveryDuplicate: number;
                deliveryOutOfOrder: number;
                deliveryAfterLeave: number;
            };
            /** @description time in which the busiest thread of the fleet had work, or did not get to run */
            busySeconds: number;
        };
        /** @description only with zones; cumulative */
        FleetZoneFigures: {
            /** @description answers to joins */
            joins: number;
            /** @description answers to leaves */
            leaves: number;
            /** @description deliveries received, the own and ticks included */
            deliveries: number;
            /** @description of these the sender's own, which are its echoes */
            own: number;
            /** @description of these, ticks */
            ticks: number;
            /** @description messages and ticks of the zone that the server said a policy had left out */
            skipped: number;
        };
        /** @description the description of a protocol, as `oversoak protocol try` reads it */
        Framed: {
            framed: {
                name: string;
                description?: string;
                framing: {
                    /**
                     * @description where a message ends: "length": by a length field; "varint": by the length of MQTT (7 bits to a byte, the lowest first); "delimiter": at a text; "template": where the template that it matches ends
                     * @enum {unknown}
                     */
                    by: "length" | "varint" | "delimiter" | "template";
                    /** @description of the length field; default: 0 */
                    offset?: number;
                    /** @description of the length field */
                    bytes?: number;
                    /**
                     * @description of the length field
                     * @enum {unknown}
                     */
                    endian?: "little" | "big";
                    /**
                     * @description what the length counts: "after": the bytes after it (default); "message": the whole message; "from-length": itself and what follows; "body": what follows a header of headerBytes
                     * @enum {unknown}
                     */
                    counts?: "after" | "message" | "from-length" | "body";
                    /** @description with counts: body */
                    headerBytes?: number;
                    /** @description as a template without placeholders, for example \r\n */
                    delimiter?: string;
                };
                /**
                 * @description the longest message in either direction; a longer one is an error
                 * @default 65536
                 */
                maxMessageBytes: number;
                /**
                 * @description which request an answer belongs to: "order": the oldest; "sequence", "identifier": the one with the number that the answer has at {sequence:…} or {identifier:…}
                 * @default order
                 * @enum {unknown}
                 */
                match: "order" | "sequence" | "identifier";
                /**
                 * @description number of the first message of a session; every message that is sent counts
                 * @default 0
                 */
                firstSequence: number;
                /** @description before the first request, one step after the other */
                login?: {
                    /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                    send?: string;
                    /** @description the answer: one message, or a list of messages that come one after the other */
                    expect?: string | string[];
                    /** @description pause before it */
                    delayMs?: number;
                }[];
                requests: {
                    name: string;
                    /** @description of all requests; the shares add up to 1; default: equal shares */
                    share?: number;
                    /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                    send: string;
                    /** @description the answer: one message, or a list of messages that come one after the other */
                    expect: string | string[];
                    /** @description pause before it */
                    delayMs?: number;
                }[];
                logout?: {
                    /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                    send?: string;
                    /** @description the answer: one message, or a list of messages that come one after the other */
                    expect?: string | string[];
                    /** @description pause before it */
                    delayMs?: number;
                }[];
                /** @description messages that the server sends on its own */
                ignore?: string[];
                /** @description answers that report an error */
                errors?: string[];
            };
        };
        /**
         * @description contents, their work, and how players move
         * @default {}
         */
        Game: {
            /**
             * @description a player starts in the first content
             * @default [
             *       {
             *         "name": "lobby"
             *       },
             *       {
             *         "name": "pvp"
             *       },
             *       {
             *         "name": "dungeon"
             *       }
             *     ]
             */
            contents: components["schemas"]["Content"][];
            /**
             * @description the player container's lock: mutex (CRITICAL_SECTION), srwlock (lookups share it), sharded (16 srwlocks, by player)
             * @default mutex
             * @enum {unknown}
             */
            containerLock: "mutex" | "srwlock" | "sharded";
            /**
             * @description a content thread's queue: locked (a mutex), lock-free (boost::lockfree::queue)
             * @default locked
             * @enum {unknown}
             */
            contentQueue: "locked" | "lock-free";
            /**
             * @description messages that may wait for one content thread; a session that sends one more is closed and counted (queueOverflow)
             * @default 65536
             */
            queueLimit: number;
        };
        /** @default {} */
        IocpOptions: {
            /**
             * @description FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: an operation that finishes at once posts no packet and is handled inline
             * @default true
             */
            skipCompletionPortOnSuccess: boolean;
            /**
             * @description how many rounds of operations that finished at once are handled before the port is looked at again; the bound that keeps busy sessions from starving the others
             * @default 8
             */
            inlineRounds: number;
        };
        JoinAnswer: {
            /** @description one of its own in the cluster */
            agentId: string;
            /** @description IPv4 or IPv6 address at which fleets reach the servers that run there */
            address: string;
            /**
             * @description what a soak can ask for when it chooses its agents
             * @default {}
             */
            labels: {
                [key: string]: string;
            };
            /**
             * @description servers that its fleets may load beside those of their own runs: "address[/bits][:port]"
             * @default [
             *       "127.0.0.0/8",
             *       "::1"
             *     ]
             */
            targets: string[];
            /** @description counts the identities that the id has had; only the newest is one */
            generation: number;
            /** @description its own user, which has the rights of this agent alone */
            redis: {
                /** @description without user and password */
                url: string;
                user: string;
                password: string;
            };
            /** @description Ed25519 public key of the control plane (SubjectPublicKeyInfo, DER, base64url): what it signs jobs with */
            jobKey: string;
            /** @description PEM: the authority that signed the certificates of Redis and the API */
            ca?: string;
            /** @description with which it may send telemetry to the API; absent: there is no receiver */
            telemetry?: {
                /** @description ost_<agent>_<secret>; ends with this identity */
                token: string;
                /** @description what the control plane passes on to its own receiver */
                signals: ("traces" | "metrics")[];
            };
        };
        JoinToken: {
            /** @description one of its own in the cluster */
            agentId: string;
            /** @description osj_<agent>_<secret>; works once; shown here and never again */
            token: string;
            /** @description Redis time */
            expiresAtMs: number;
            /** @description SHA-256 (base64url) of the certificate of the authority that agents are to trust; part of the link */
            authority?: string;
        };
        Judgement: {
            /** @enum {unknown} */
            verdict: "passed" | "failed" | "inconclusive" | "cancelled";
            reasons: string[];
            /** @description the run measured the requested load as planned: its figures may be compared, whether or not every threshold could be decided */
            loadSound: boolean;
        };
        /** @description sent = echoed + inFlight + lostOnClose */
        Ledger: {
            /** @description messages handed to a send */
            sent: number;
            /** @description messages whose valid echo came back, late ones included */
            echoed: number;
            /** @description messages sent, not echoed, whose session is open */
            inFlight: number;
            /** @description messages not echoed when their session closed */
            lostOnClose: number;
        };
        /** @description due = sent + unsent + waiting for room; sent = echoed + unanswered + reset + in flight; each message counts at the time at which it was due */
        Load: {
            /** @description messages that were due by the schedule */
            due: number;
            /** @description messages that were sent, including `held` and `late` ones */
            sent: number;
            /** @description sent after waiting for room in their session: the server was slow */
            held: number;
            /** @description sent, but the fleet reached them more than 50 ms after they were due, or they waited in their session no longer than the fleet stood still (50 ms or more) */
            late: number;
            /** @description sent messages whose valid echo came back, however late */
            echoed: number;
            /** @description sent messages without an echo when the server closed the session or the drain was over */
            unanswered: number;
            /** @description sent messages whose session the fleet itself reset (workload.abortiveShare) */
            reset: number;
            /** @description of those held: sent only when the time that these counts cover (the measurement, or a window of it) was over, and more than 0.1 s after they were due; not in a session that reads slowly on purpose */
            afterEnd: number;
            /** @description completed, but counted in no latency but `disturbed`: the fleet stood still (5 ms or longer) while they were in flight or had not made up for it, was far behind, or was late with them or with those that they waited for, for more than a tenth of the time after they were due */
            disturbed: number;
            unsent: {
                /** @description its session had overSend messages without an echo until the end: the server was too slow */
                held: number;
                /** @description the same, in a session that reads slowly on purpose (workload.slowReaders) */
                slowReader: number;
                /** @description the fleet never reached it: it was too slow itself, stood still, or its own system refused the connection */
                fleet: number;
                /** @description its session was not connected yet, or not again: the server did not accept it */
                connecting: number;
                /** @description its session was closed by the fleet more than 250 ms before, and the server had not closed its side */
                closing: number;
                /** @description the fleet itself had closed its session at most 250 ms before (workload.disconnectsPerSecond) */
                churn: number;
                /** @description its session had just been closed by the server, or abandoned after a corrupt echo */
                lost: number;
            };
        };
        MeanStages: {
            /** @description echoes */
            count: number;
            meanUs: {
                client: number;
                "network+wake": number;
                lock: number;
                queue: number;
                work: number;
                send: number;
                "fan-out": number;
            };
            /** @enum {unknown} */
            dominating: "client" | "network+wake" | "lock" | "queue" | "work" | "send" | "fan-out";
        };
        MetricDifference: {
            /** @enum {unknown} */
            metric: "echo.latency.p50" | "echo.latency.p99" | "echo.latency.slowest" | "delivery.latency.p99" | "sent.rate" | "server.cpuPerEcho" | "server.cpuPerDelivery" | "server.workingSet";
            unit: string;
            /** @description geometric mean over its repeats */
            left: number | null;
            /** @description geometric mean over its repeats */
            right: number | null;
            /** @description right / left; null: no figure, or one that is 0 */
            ratio: number | null;
            /** @description lower end of its 96.5 % interval, Student's t on the logarithms of the repeats; null: no claim */
            low: number | null;
            /** @description upper end */
            high: number | null;
            /** @description the smallest change, as a ratio above 1, that would be seen in 80 % of such comparisons; null: no claim */
            smallestSeen: number | null;
            /** @description repeats that have the figure */
            leftRepeats: number;
            /** @description repeats that have the figure */
            rightRepeats: number;
            /** @description compared as pairs, because the repeats alternated and moved together */
            paired: boolean;
            /**
             * @description right compared with left
             * @enum {unknown}
             */
            difference: "lower" | "higher" | "none" | "unknown";
            /** @description why it is unknown; null where it is not */
            why: string | null;
        };
        /** @description what the server added to its host process */
        OwnFigures: {
            /** @description null if the platform does not report it; below 0: memory that was given back since */
            workingSetBytes: number | null;
            /** @description null if the platform does not report it; below 0: memory that was given back since */
            privateBytes: number | null;
            /** @description null if the platform does not report it; below 0: memory that was given back since */
            handles: number | null;
            /** @description null if the platform does not report it; below 0: memory that was given back since */
            threads: number | null;
        };
        PinnedBaseline: {
            /** @description name of the baseline */
            baseline: string;
            /** @description the soak that was pinned under that name */
            soakId: string;
            spec: components["schemas"]["CompleteSoakSpec"];
        };
        /** @description a library with the protocol (native-server/include/oversoak_plugin.h), which agents load that allow it by its hash: OVERSOAK_PLUGINS */
        Plugin: {
            plugin: {
                /** @description name of the library, without its folder: `xor.so`, `xor.dll` */
                file: string;
                /** @description of the library's bytes, 64 hexadecimal digits */
                sha256: string;
                /**
                 * @description a text that the plug-in gets as it is, at the begin of each connection
                 * @default
                 */
                options: string;
            };
        };
        PluginFile: {
            /** @description name of the library, without its folder: `xor.so`, `xor.dll` */
            file: string;
            /** @description of the library's bytes, 64 hexadecimal digits */
            sha256: string;
        };
        ProbePlatform: {
            /** @enum {unknown} */
            system: "wine" | "windows" | "linux";
            /** @description readable name with the version */
            label: string;
        };
        /**
         * @example {
         *       "names": [
         *         "overlapped-receive-pends"
         *       ]
         *     }
         */
        ProbesRequest: {
            /** @description agent ids; default: every live agent that has Winsock */
            agents?: string[];
            /** @description names of probes; default: all, which take a minute or less */
            names?: ("overlapped-receive-pends" | "blocking-send-needs-room" | "overlapped-send-pends" | "send-outlives-the-peers-end" | "system-call-is-the-callers" | "at-once-signals-event" | "at-once-queues-routine" | "at-once-posts-completion" | "skip-on-success-posts-none" | "routine-beats-event" | "socket-event-stays-signalled" | "wait-takes-64-handles" | "routine-needs-alertable-wait" | "alertable-wait-returns-io-completion" | "socket-is-overlapped" | "wsabuf-may-be-discarded" | "buffer-is-written-later" | "buffers-are-one-stream" | "byte-count-needs-completion" | "arrival-completes-nothing" | "select-reports-arrival" | "event-select-reports-arrival" | "async-select-reports-arrival" | "acceptex-pends" | "connectex-completes-overlapped" | "accept-thread-keeps-up" | "five-thousand-receives" | "close-ends-operations" | "cancel-ends-operations" | "thread-exit-ends-operations" | "adapters-segment" | "file-needs-overlapped-flag" | "file-io-is-reported" | "same-offset-overwrites" | "reads-name-their-offset")[];
        };
        ProbesRequested: {
            /** @description Redis time */
            requestedAtMs: number;
            requested: {
                agentId: string;
                names: ("overlapped-receive-pends" | "blocking-send-needs-room" | "overlapped-send-pends" | "send-outlives-the-peers-end" | "system-call-is-the-callers" | "at-once-signals-event" | "at-once-queues-routine" | "at-once-posts-completion" | "skip-on-success-posts-none" | "routine-beats-event" | "socket-event-stays-signalled" | "wait-takes-64-handles" | "routine-needs-alertable-wait" | "alertable-wait-returns-io-completion" | "socket-is-overlapped" | "wsabuf-may-be-discarded" | "buffer-is-written-later" | "buffers-are-one-stream" | "byte-count-needs-completion" | "arrival-completes-nothing" | "select-reports-arrival" | "event-select-reports-arrival" | "async-select-reports-arrival" | "acceptex-pends" | "connectex-completes-overlapped" | "accept-thread-keeps-up" | "five-thousand-receives" | "close-ends-operations" | "cancel-ends-operations" | "thread-exit-ends-operations" | "adapters-segment" | "file-needs-overlapped-flag" | "file-io-is-reported" | "same-offset-overwrites" | "reads-name-their-offset")[];
            }[];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            errors: {
                /** @description RFC 6901; '' is the whole body or request */
                pointer: string;
                detail: string;
            }[];
            /**
             * @description the quota of the token that the request exceeds
             * @enum {unknown}
             */
            quota?: "queued-runs" | "stored-bytes" | "streams" | "comparisons";
        };
        ProcessFigures: {
            userSeconds: number;
            kernelSeconds: number;
            workingSetBytes: number | null;
            privateBytes: number | null;
            handles: number | null;
            threads: number | null;
        };
        RankedCell: {
            key: string;
            /** @description geometric mean over the repeats */
            value: number;
            /** @description lower end of its interval; null: of one repeat */
            low: number | null;
            /** @description upper end */
            high: number | null;
            /** @description repeats that were used */
            repeats: number;
        };
        Ranking: {
            /** @enum {unknown} */
            metric: "echo.latency.p50" | "echo.latency.p99" | "echo.latency.slowest" | "delivery.latency.p99" | "sent.rate" | "server.cpuPerEcho" | "server.cpuPerDelivery" | "server.workingSet";
            unit: string;
            sessions: number;
            /**
             * @description which value is ranked first
             * @enum {unknown}
             */
            best: "lowest" | "highest";
            /** @description best first */
            cells: components["schemas"]["RankedCell"][];
            /** @description keys of cells that differ significantly, adjusted for the number of pairs (Holm) */
            apart: {
                better: string;
                worse: string;
            }[];
            /** @description the ranking as a sentence */
            words: string;
        };
        Run: {
            runId: string;
            soakId: string;
            cell: components["schemas"]["Cell"];
            /** @description counted from 1 */
            repeat: number;
            /** @enum {unknown} */
            state: "queued" | "allocating" | "preparing" | "starting" | "warming" | "measuring" | "draining" | "judging" | "done";
            /** @description 0: never allocated */
            epoch: number;
            gang: {
                agentId: string;
                /** @enum {unknown} */
                role: "server" | "fleet";
            }[];
            /** @description Redis time */
            startAtMs: number | null;
            judgement: components["schemas"]["Judgement"] | null;
        };
        RunResult: {
            run: components["schemas"]["Run"];
            spec: components["schemas"]["CompleteSoakSpec"];
            /** @description by agent id */
            environments: {
                [key: string]: components["schemas"]["Environment"];
            };
            /** @description by agent */
            clockOffsetsMs: {
                [key: string]: number;
            };
            server: components["schemas"]["ServerResult"] | null;
            /** @description by agent */
            fleets: {
                [key: string]: components["schemas"]["FleetResult"];
            };
            /** @description failures that were reported during the run */
            notes: string[];
            /** @description its state changes in order, Redis time */
            events: {
                /** @enum {unknown} */
                state: "queued" | "allocating" | "preparing" | "starting" | "warming" | "measuring" | "draining" | "judging" | "done";
                atMs: number;
            }[];
            /** @description what the verdict rests on; null where there was nothing to judge */
            evidence: components["schemas"]["Evidence"] | null;
            /** @description results that came after the verdict, from agents that were lost; they change nothing */
            late: {
                agentId: string;
                /** @description Redis time of its arrival */
                atMs: number;
                result: components["schemas"]["ServerResult"] | components["schemas"]["FleetResult"];
            }[];
        };
        RunWithResult: {
            runId: string;
            soakId: string;
            cell: components["schemas"]["Cell"];
            /** @description counted from 1 */
            repeat: number;
            /** @enum {unknown} */
            state: "queued" | "allocating" | "preparing" | "starting" | "warming" | "measuring" | "draining" | "judging" | "done";
            /** @description 0: never allocated */
            epoch: number;
            gang: {
                agentId: string;
                /** @enum {unknown} */
                role: "server" | "fleet";
            }[];
            /** @description Redis time */
            startAtMs: number | null;
            judgement: components["schemas"]["Judgement"] | null;
            /** @description null until the run is done */
            result: components["schemas"]["RunResult"] | null;
        };
        Sample: {
            runId: string;
            epoch: number;
            agentId: string;
            /** @enum {unknown} */
            role: "server" | "fleet";
            /** @description Redis time */
            atMs: number;
            /** @enum {unknown} */
            phase: "ramping" | "warming" | "measuring" | "draining";
            sinceStartSeconds: number;
            server?: {
                /** @enum {unknown} */
                notifier: "iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring";
                /** @enum {unknown} */
                layout: "homo" | "hetero" | "hetero-channels";
                /** @enum {unknown} */
                protocol: "oversoak" | "echo8" | "raw";
                /** @description since startServer */
                elapsedSeconds: number;
                sessions: {
                    /** @description connections accepted */
                    accepted: number;
                    /** @description sessions that exist now */
                    live: number;
                    /** @description sessions ended; accepted = live + closed */
                    closed: number;
                };
                frames: {
                    /** @description valid messages parsed */
                    received: number;
                    /** @description echoes handed to a send */
                    echoed: number;
                    /** @description messages whose session had been closed before their echo */
                    discarded: number;
                };
                bytes: {
                    /** @description bytes */
                    received: number;
                    /** @description bytes */
                    sent: number;
                };
                receives: {
                    /** @description operations that the call itself finished */
                    atOnce: number;
                    /** @description operations that finished later */
                    pending: number;
                    /** @description operations that failed, those cancelled by a close included */
                    failed: number;
                };
                sends: {
                    /** @description operations that the call itself finished */
                    atOnce: number;
                    /** @description operations that finished later */
                    pending: number;
                    /** @description operations that failed, those cancelled by a close included */
                    failed: number;
                };
                completions: {
                    /** @description completions handled */
                    total: number;
                    /** @description returns of the wait with at least one completion */
                    batches: number;
                    /** @description completions of the largest batch */
                    largestBatch: number;
                };
                errors: {
                    /** @description accept returned an error while the server was running, or the system refused the thread that the session needed */
                    acceptFailed: number;
                    /** @description a frame whose length or reserved field is not valid; its session was closed */
                    malformedFrame: number;
                    /** @description a frame longer than `maxFrameBytes`; its session was closed */
                    oversizedFrame: number;
                    /** @description a frame whose CRC-32C is wrong; its session was closed */
                    checksumMismatch: number;
                    /** @description a peer that read too slowly for `sendQueueBytes`; its session was closed */
                    sendOverflow: number;
                    /** @description a receive that failed while the session was open, except resets */
                    receiveFailed: number;
                    /** @description a send that failed while the session was open, except resets */
                    sendFailed: number;
                    /** @description an open session that its peer reset, except resets that a fleet made on purpose (abortiveShare) */
                    peerReset: number;
                    /** @description a message that arrived while `queueLimit` messages waited for its content thread; its session was closed */
                    queueOverflow: number;
                    /** @description a message handled by a thread, or as a content, that did not own the player */
                    wrongOwner: number;
                    /** @description a message handled after a later one of its session */
                    outOfTurn: number;
                    /** @description a snapshot in which joins − leaves was not the number of live players */
                    playersUnbalanced: number;
                };
                players: {
                    /** @description players put into the player container */
                    joins: number;
                    /** @description players taken out of it */
                    leaves: number;
                    /** @description players in it; joins − leaves */
                    live: number;
                };
                container: {
                    /** @description look-ups to route a message; none in homo */
                    lookups: number;
                    /** @description players moved in it by content threads; none in homo */
                    changes: number;
                };
                /** @description moves of players between contents */
                moves: number;
                contents: components["schemas"]["ContentFigures"][];
                zones?: components["schemas"]["ServerZoneFigures"];
                /** @description the budget, as in the options */
                threadsRequested: {
                    /** @description IO threads */
                    io: number;
                    /** @description content threads */
                    content: number;
                };
                /** @description threads that were started */
                threadsRan: {
                    /** @description IO threads */
                    io: number;
                    /** @description content threads */
                    content: number;
                };
                /** @description the server's own threads */
                threads: components["schemas"]["ThreadFigures"][];
                process: components["schemas"]["ProcessFigures"];
            };
            fleet?: {
                /** @description since startFleet */
                elapsedSeconds: number;
                sessions: {
                    /** @description as in the options */
                    requested: number;
                    /** @description connected now */
                    live: number;
                    /** @description connections made */
                    connects: number;
                    /** @description graceful ends by the fleet itself (churn), not counting the stop */
                    disconnects: number;
                    /** @description resets by the fleet itself (churn), not counting the stop */
                    aborts: number;
                    /** @description requested sessions that read slowly */
                    slowReaders: number;
                };
                ledger: components["schemas"]["Ledger"];
                zones?: components["schemas"]["FleetZoneFigures"];
                bytes: {
                    /** @description bytes */
                    received: number;
                    /** @description bytes */
                    sent: number;
                };
                errors: {
                    /** @description a connection was refused or failed */
                    connectFailed: number;
                    /** @description a connection was not established, its login not over, or (churn) not closed by the server, within `connectTimeoutMs` */
                    connectTimedOut: number;
                    /** @description the server closed or reset a session that the fleet had not ended */
                    disconnectedByServer: number;
                    /** @description an echo whose CRC, header, sequence or (raw) bytes match no message that was sent, or what the description of a protocol does not have */
                    corrupt: number;
                    /** @description an echo that arrived after the echo of a later message of its session */
                    outOfOrder: number;
                    /** @description an echo of a message that had been echoed before */
                    duplicate: number;
                    /** @description no echo within `echoTimeoutMs` of the actual send, or before the drain was over */
                    notReceivedInTime: number;
                    /** @description an answer that reports an error (`errors` of a described protocol) */
                    errorAnswer: number;
                    /** @description a message of the session's zone, between its join and its leave, that never came and that no policy left out */
                    deliveryMissing: number;
                    /** @description a message of the session's zone that had come before */
                    deliveryDuplicate: number;
                    /** @description a message of the session's zone that came after a later one */
                    deliveryOutOfOrder: number;
                    /** @description a message of the zone that came after the answer to the leave */
                    deliveryAfterLeave: number;
                };
                /** @description slow echoes that `takeSlowest` does not return, because they came while it was reading */
                slowEchoesLetGo: number;
                threads: components["schemas"]["ThreadFigures"][];
                process: components["schemas"]["ProcessFigures"];
                measured: {
                    load: components["schemas"]["Load"];
                    stalls: {
                        /** @description times that a thread of the fleet stood still for 20 ms or longer */
                        count: number;
                        /** @description total time, summed over the threads */
                        seconds: number;
                    };
                    /** @description time in which the busiest thread of the fleet had work, or did not get to run */
                    busySeconds: number;
                    connectsRefused: {
                        /** @description connects that the fleet's own system refused for want of a descriptor, port or memory; each is tried again after a second */
                        count: number;
                        /** @description time for which sessions waited after that, summed over the sessions */
                        seconds: number;
                        /** @description of the first: the error of the system */
                        reason?: string;
                    };
                };
            };
            intervalLatency?: {
                /** @description HDR histogram V2, deflated, base64; unit ns */
                intended: string;
                /** @description HDR histogram V2, deflated, base64; unit ns */
                actual: string;
                /** @description HDR histogram V2, deflated, base64; unit ns */
                disturbed: string;
                /** @description HDR histogram V2, deflated, base64; unit ns */
                disturbedLeast: string;
                /** @description HDR histogram V2, deflated, base64; unit ns */
                sendLag: string;
            };
        };
        Schedule: {
            name: string;
            /** @description five fields: minute, hour, day of month, month, day of week */
            cron: string;
            /**
             * @description IANA name, e.g. Asia/Seoul
             * @default UTC
             */
            timeZone: string;
            /** @default true */
            enabled: boolean;
            /**
             * @description if the previous soak is not done at a tick: skip the tick, or queue the soak
             * @default skip
             * @enum {unknown}
             */
            overlap: "skip" | "queue";
            /**
             * @description when the trend first suspects a regression, submit the soak once more at once, before the next tick
             * @default false
             */
            confirmSuspects: boolean;
            spec: components["schemas"]["CompleteSoakSpec"];
            webhook: {
                url: string;
                /**
                 * @default [
                 *       "failed",
                 *       "inconclusive"
                 *     ]
                 */
                on: ("failed" | "inconclusive" | "passed" | "cancelled")[];
            } | null;
            createdAtMs: number;
            updatedAtMs: number;
            /** @description null: not enabled */
            nextAtMs: number | null;
            /** @description the newest entry of its history */
            last: components["schemas"]["ScheduleEntry"] | null;
            /** @description why it submits no soaks although it is enabled; null: it does submit them */
            stopped: string | null;
        };
        ScheduleEntry: {
            /** @description when it was due; for a manual run: when it was requested; for a confirming soak: just after the tick that it confirms */
            tickAtMs: number;
            /**
             * @description late: no control plane was running when it was due; confirm: the previous soak made the trend suspect a regression
             * @enum {unknown}
             */
            cause: "tick" | "late" | "manual" | "confirm";
            /**
             * @description pending: about to be submitted; skipped: the previous soak was not done; refused: for example, no agents could run it
             * @enum {unknown}
             */
            outcome: "pending" | "submitted" | "skipped" | "refused";
            soakId: string | null;
            /** @description null: its soak is not done yet, does not exist, or was deleted */
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            /** @description why it was late, skipped or refused; else empty */
            note: string;
            /** @description `pending`, `pending: result of the last attempt`, `delivered` or `failed: why`; null: no notification is due, or not yet */
            webhook: string | null;
        };
        /**
         * @description a soak that is submitted by a cron pattern
         * @example {
         *       "cron": "0 2 * * *",
         *       "timeZone": "Asia/Seoul",
         *       "spec": {
         *         "name": "hello",
         *         "matrix": {
         *           "notifier": [
         *             "iocp",
         *             "event"
         *           ],
         *           "layout": [
         *             "homo",
         *             "hetero"
         *           ],
         *           "sessions": [
         *             100
         *           ]
         *         },
         *         "workload": {
         *           "ratePerSecond": 300
         *         },
         *         "phases": {
         *           "measureSeconds": 20
         *         },
         *         "repeats": 2,
         *         "thresholds": [
         *           "echo.latency.p99 < 250ms"
         *         ]
         *       }
         *     }
         */
        ScheduleInput: {
            /** @description five fields: minute, hour, day of month, month, day of week */
            cron: string;
            /** @description IANA name, e.g. Asia/Seoul; default: "UTC" */
            timeZone?: string;
            /** @description default: true */
            enabled?: boolean;
            /**
             * @description if the previous soak is not done at a tick: skip the tick, or queue the soak; default: "skip"
             * @enum {unknown}
             */
            overlap?: "skip" | "queue";
            /** @description when the trend first suspects a regression, submit the soak once more at once, before the next tick; default: false */
            confirmSuspects?: boolean;
            webhook?: {
                url: string;
                /** @description key of the signature, as Standard Webhooks writes it: whsec_ and base64 of 24 to 64 bytes; never shown again */
                secret: string;
                /** @description default: ["failed","inconclusive"] */
                on?: ("failed" | "inconclusive" | "passed" | "cancelled")[];
            };
            spec: components["schemas"]["SoakSpec"];
        };
        ServerFigures: {
            /** @enum {unknown} */
            notifier: "iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring";
            /** @enum {unknown} */
            layout: "homo" | "hetero" | "hetero-channels";
            /** @enum {unknown} */
            protocol: "oversoak" | "echo8" | "raw";
            /** @description since startServer */
            elapsedSeconds: number;
            sessions: {
                /** @description connections accepted */
                accepted: number;
                /** @description sessions that exist now */
                live: number;
                /** @description sessions ended; accepted = live + closed */
                closed: number;
            };
            frames: {
                /** @description valid messages parsed */
                received: number;
                /** @description echoes handed to a send */
                echoed: number;
                /** @description messages whose session had been closed before their echo */
                discarded: number;
            };
            bytes: {
                /** @description bytes */
                received: number;
                /** @description bytes */
                sent: number;
            };
            receives: {
                /** @description operations that the call itself finished */
                atOnce: number;
                /** @description operations that finished later */
                pending: number;
                /** @description operations that failed, those cancelled by a close included */
                failed: number;
            };
            sends: {
                /** @description operations that the call itself finished */
                atOnce: number;
                /** @description operations that finished later */
                pending: number;
                /** @description operations that failed, those cancelled by a close included */
                failed: number;
            };
            completions: {
                /** @description completions handled */
                total: number;
                /** @description returns of the wait with at least one completion */
                batches: number;
                /** @description completions of the largest batch */
                largestBatch: number;
            };
            errors: {
                /** @description accept returned an error while the server was running, or the system refused the thread that the session needed */
                acceptFailed: number;
                /** @description a frame whose length or reserved field is not valid; its session was closed */
                malformedFrame: number;
                /** @description a frame longer than `maxFrameBytes`; its session was closed */
                oversizedFrame: number;
                /** @description a frame whose CRC-32C is wrong; its session was closed */
                checksumMismatch: number;
                /** @description a peer that read too slowly for `sendQueueBytes`; its session was closed */
                sendOverflow: number;
                /** @description a receive that failed while the session was open, except resets */
                receiveFailed: number;
                /** @description a send that failed while the session was open, except resets */
                sendFailed: number;
                /** @description an open session that its peer reset, except resets that a fleet made on purpose (abortiveShare) */
                peerReset: number;
                /** @description a message that arrived while `queueLimit` messages waited for its content thread; its session was closed */
                queueOverflow: number;
                /** @description a message handled by a thread, or as a content, that did not own the player */
                wrongOwner: number;
                /** @description a message handled after a later one of its session */
                outOfTurn: number;
                /** @description a snapshot in which joins − leaves was not the number of live players */
                playersUnbalanced: number;
            };
            players: {
                /** @description players put into the player container */
                joins: number;
                /** @description players taken out of it */
                leaves: number;
                /** @description players in it; joins − leaves */
                live: number;
            };
            container: {
                /** @description look-ups to route a message; none in homo */
                lookups: number;
                /** @description players moved in it by content threads; none in homo */
                changes: number;
            };
            /** @description moves of players between contents */
            moves: number;
            contents: components["schemas"]["ContentFigures"][];
            zones?: components["schemas"]["ServerZoneFigures"];
            /** @description the budget, as in the options */
            threadsRequested: {
                /** @description IO threads */
                io: number;
                /** @description content threads */
                content: number;
            };
            /** @description threads that were started */
            threadsRan: {
                /** @description IO threads */
                io: number;
                /** @description content threads */
                content: number;
            };
            /** @description the server's own threads */
            threads: components["schemas"]["ThreadFigures"][];
            process: components["schemas"]["ProcessFigures"];
            own: components["schemas"]["OwnFigures"];
            histograms: {
                /** @description HDR histogram V2, deflated, base64; unit ns */
                lockWait: string;
                /** @description HDR histogram V2, deflated, base64; unit ns */
                moveLatency: string;
                /** @description by content */
                queueWait: {
                    [key: string]: string;
                };
                /** @description HDR histogram V2, deflated, base64; unit ns */
                tickLateness?: string;
            };
        };
        ServerResult: {
            /** @enum {string} */
            role: "server";
            measuredSeconds: number;
            /** @description cumulative figures at three moments; a server's measurement is measureEnd minus measureStart, a fleet's is `measured` of final */
            figures: {
                measureStart: components["schemas"]["ServerFigures"];
                measureEnd: components["schemas"]["ServerFigures"];
                final: components["schemas"]["ServerFigures"];
            };
            series: components["schemas"]["ServerSeries"];
            /** @description the first 5 errors of each class, oldest first; absent: none */
            firstErrors?: components["schemas"]["ErrorEvidence"][];
        };
        ServerSeries: {
            /** @description as planned */
            windowSeconds: number;
            /** @description complete windows of the measurement, in order; time in which the process stood still makes a window longer; a remainder at the end is only in the totals */
            windows: components["schemas"]["ServerWindow"][];
        };
        ServerWindow: {
            /** @description since the measurement began */
            startSeconds: number;
            endSeconds: number;
            echoed: number;
            /** @description of the server's own threads */
            cpuSeconds: number;
            /** @description live at its end */
            sessions: number;
            /** @description messages that waited for a content, as its threads found them; null: none */
            queueDepthMean: number | null;
            /** @description errors of the window, by class */
            errors: {
                acceptFailed: number;
                malformedFrame: number;
                oversizedFrame: number;
                checksumMismatch: number;
                sendOverflow: number;
                receiveFailed: number;
                sendFailed: number;
                peerReset: number;
                queueOverflow: number;
                wrongOwner: number;
                outOfTurn: number;
                playersUnbalanced: number;
            };
            own: components["schemas"]["OwnFigures"];
        };
        /** @description only with zones; cumulative */
        ServerZoneFigures: {
            /** @description joins answered */
            joins: number;
            /** @description leaves answered */
            leaves: number;
            /** @description members now */
            live: number;
            /** @description messages that were given a number of their zone, one receive each */
            broadcasts: number;
            /** @description ticks that were given a number of their zone: updates without a request */
            ticks: number;
            /** @description ticks left out because a later one was due when one was sent late */
            ticksSkipped: number;
            /** @description mailbox messages to IO threads, at most one for each IO thread and broadcast or tick */
            mailed: number;
            /** @description deliveries queued for members, the senders' own and ticks included */
            copies: number;
            /** @description deliveries left out by the policy drop */
            dropped: number;
            /** @description deliveries left out by the policy newest, in favour of a newer one */
            replaced: number;
            /** @description sessions that the policy close ended */
            closed: number;
            /** @description most bytes that waited for one member, since the start */
            backlogMaxBytes: number;
            /** @description payloads made: the most that were alive at once; one for each broadcast or tick, shared by its copies */
            payloads: number;
        };
        Soak: {
            soakId: string;
            name: string;
            createdAtMs: number;
            origin: {
                /** @enum {string} */
                kind: "submitted";
            } | {
                /** @enum {string} */
                kind: "schedule";
                /** @description name of the schedule */
                schedule: string;
                tickAtMs: number;
            } | {
                /** @enum {string} */
                kind: "import";
                importedAtMs: number;
            };
            /** @enum {unknown} */
            state: "queued" | "running" | "done";
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            /** @description why its next run has no agents yet; null: it does not wait for agents */
            waiting: string | null;
            spec: components["schemas"]["CompleteSoakSpec"];
            /** @description the baseline whose cells alternate with its own; null: none */
            against: components["schemas"]["PinnedBaseline"] | null;
            runs: components["schemas"]["Run"][];
        };
        SoakDifference: {
            left: {
                /** @description as requested */
                selector: string;
                soakId: string;
                /** @description name of the soak */
                name: string;
            };
            right: {
                /** @description as requested */
                selector: string;
                soakId: string;
                /** @description name of the soak */
                name: string;
            };
            /** @description every distinct label of both sides; to be shown with the figures */
            platform: string[];
            cells: components["schemas"]["CellDifference"][];
            /** @description keys of cells that exist on one side only */
            unmatched: string[];
            /** @description what to know before reading: other gangs, other specs, other nights, ... */
            notes: string[];
        };
        SoakPlan: {
            name: string;
            /** @description those of the baseline included */
            cells: number;
            repeats: number;
            runs: number;
            /** @description phases of all runs, one after another; runs that go at once take less */
            plannedSeconds: number;
            /** @description of a run with zones: ratePerSecond × zones.share × zones.size + sessions × zones.ticksPerSecond, with the most sessions; absent: no zones */
            deliveriesPerSecond?: number;
        };
        SoakReport: {
            soak: components["schemas"]["Soak"];
            comparison: components["schemas"]["Comparison"];
            cells: {
                /** @description key of the cell, as in the comparison */
                key: string;
                latency: {
                    /** @description 1/(1 − p), ascending from 1: one echo in so many was slower; last: all of them */
                    oneIn: number[];
                    /** @description latency at that percentile */
                    us: number[];
                };
                /** @description stages of echoes as fast as the median; null where the protocol has no stamps */
                typical: components["schemas"]["MeanStages"] | null;
            }[];
            runs: {
                runId: string;
                /** @description key of the cell */
                key: string;
                repeat: number;
                evidence: components["schemas"]["Evidence"] | null;
                /** @description failures that were reported in the run */
                notes: string[];
                /** @description the first errors of each class of its server and each of its fleets */
                firstErrors: components["schemas"]["ErrorEvidence"][];
                /** @description null: it left no result */
                timeline: {
                    /** @description since the measurement began */
                    startSeconds: number[];
                    /** @description since the measurement began */
                    endSeconds: number[];
                    /** @description messages per second */
                    dueRate: number[];
                    /** @description messages per second */
                    sentRate: number[];
                    /** @description messages per second */
                    echoRate: number[];
                    /** @description of the messages due in it; null: no echo */
                    p50Us: (number | null)[];
                    /** @description null: no echo */
                    p99Us: (number | null)[];
                    /** @description null: no echo */
                    p999Us: (number | null)[];
                    /** @description of every class */
                    errors: number[];
                    /** @description live at its end, as the server counts; null: a target */
                    sessions: (number | null)[];
                    /** @description that the server added, at its end; null: not known */
                    workingSetBytes: (number | null)[];
                    /** @description messages that waited for a content; null: none */
                    queueDepthMean: (number | null)[];
                } | null;
            }[];
            /** @description Redis time */
            writtenAtMs: number;
        };
        /**
         * @description a soak
         * @example {
         *       "name": "hello",
         *       "matrix": {
         *         "notifier": [
         *           "iocp",
         *           "event"
         *         ],
         *         "layout": [
         *           "homo",
         *           "hetero"
         *         ],
         *         "sessions": [
         *           100
         *         ]
         *       },
         *       "workload": {
         *         "ratePerSecond": 300
         *       },
         *       "phases": {
         *         "measureSeconds": 20
         *       },
         *       "repeats": 2,
         *       "thresholds": [
         *         "echo.latency.p99 < 250ms"
         *       ]
         *     }
         */
        SoakSpec: {
            name: string;
            description?: string;
            matrix: {
                /** @description required, unless the server is a target */
                notifier?: ("iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring")[];
                /** @description default: homo */
                layout?: ("homo" | "hetero" | "hetero-channels")[];
                sessions: number[];
                /** @description varies game.containerLock, in the layouts that use it */
                containerLock?: ("mutex" | "srwlock" | "sharded")[];
                /** @description varies game.contentQueue, in the layouts that use it */
                contentQueue?: ("locked" | "lock-free")[];
            };
            /** @description directs the fleet at a server that oversoak did not start; the gang has no server agent */
            target?: {
                /** @description IPv4 address, IPv6 address or DNS name; a name is resolved by each agent of the fleet, which must allow all of its addresses and loads the first, IPv4 before IPv6 */
                host: string;
                port: number;
                /** @description what the server echoes: oversoak frames, echo8 (2-byte length 8, 8-byte increasing value, little-endian), raw: any bytes; {framed: …}, the description of a protocol of its own, or {plugin: …}, a library that speaks it */
                protocol: ("oversoak" | "echo8" | "raw") | {
                    framed: {
                        name: string;
                        description?: string;
                        framing: {
                            /**
                             * @description where a message ends: "length": by a length field; "varint": by the length of MQTT (7 bits to a byte, the lowest first); "delimiter": at a text; "template": where the template that it matches ends
                             * @enum {unknown}
                             */
                            by: "length" | "varint" | "delimiter" | "template";
                            /** @description of the length field; default: 0 */
                            offset?: number;
                            /** @description of the length field */
                            bytes?: number;
                            /**
                             * @description of the length field
                             * @enum {unknown}
                             */
                            endian?: "little" | "big";
                            /**
                             * @description what the length counts: "after": the bytes after it (default); "message": the whole message; "from-length": itself and what follows; "body": what follows a header of headerBytes
                             * @enum {unknown}
                             */
                            counts?: "after" | "message" | "from-length" | "body";
                            /** @description with counts: body */
                            headerBytes?: number;
                            /** @description as a template without placeholders, for example \r\n */
                            delimiter?: string;
                        };
                        /** @description the longest message in either direction; a longer one is an error; default: 65536 */
                        maxMessageBytes?: number;
                        /**
                         * @description which request an answer belongs to: "order": the oldest; "sequence", "identifier": the one with the number that the answer has at {sequence:…} or {identifier:…}; default: "order"
                         * @enum {unknown}
                         */
                        match?: "order" | "sequence" | "identifier";
                        /** @description number of the first message of a session; every message that is sent counts; default: 0 */
                        firstSequence?: number;
                        /** @description before the first request, one step after the other */
                        login?: {
                            /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                            send?: string;
                            /** @description the answer: one message, or a list of messages that come one after the other */
                            expect?: string | string[];
                            /** @description pause before it */
                            delayMs?: number;
                        }[];
                        requests: {
                            name: string;
                            /** @description of all requests; the shares add up to 1; default: equal shares */
                            share?: number;
                            /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                            send: string;
                            /** @description the answer: one message, or a list of messages that come one after the other */
                            expect: string | string[];
                            /** @description pause before it */
                            delayMs?: number;
                        }[];
                        logout?: {
                            /** @description what the client sends: text with escapes (\r \n \t \0 \xHH \\ \{ \}) and placeholders in braces; after "hex:" hexadecimal bytes, 'text' in quotes and placeholders */
                            send?: string;
                            /** @description the answer: one message, or a list of messages that come one after the other */
                            expect?: string | string[];
                            /** @description pause before it */
                            delayMs?: number;
                        }[];
                        /** @description messages that the server sends on its own */
                        ignore?: string[];
                        /** @description answers that report an error */
                        errors?: string[];
                    };
                } | {
                    plugin: {
                        /** @description name of the library, without its folder: `xor.so`, `xor.dll` */
                        file: string;
                        /** @description of the library's bytes, 64 hexadecimal digits */
                        sha256: string;
                        /** @description a text that the plug-in gets as it is, at the begin of each connection; default: "" */
                        options?: string;
                    };
                };
            };
            workload: {
                /**
                 * @description of the soak's own server and its fleet; default: oversoak
                 * @enum {unknown}
                 */
                protocol?: "oversoak" | "echo8" | "raw";
                /** @description oversoak frames have 64 bytes at least; default: 64 */
                minFrameBytes?: number;
                /** @description sizes are uniformly distributed from minFrameBytes to maxFrameBytes, both included; echo8 messages always have 10 bytes; default: 256 */
                maxFrameBytes?: number;
                /** @description request and response: the size of the frame that answers, as one size, as {min, max}, or as a list of {share, min, max} whose shares add up to 1; without it every message is echoed. Only under the protocol "oversoak"; the fleet verifies size and content of each answer */
                responseBytes?: number | {
                    min: number;
                    max: number;
                } | {
                    share: number;
                    min: number;
                    max: number;
                }[];
                /**
                 * @description constant and poisson are open loop: a message has an intended time, whatever the server does; closed: a session sends when an echo has come back; default: "constant"
                 * @enum {unknown}
                 */
                pacing?: "constant" | "poisson" | "closed";
                /** @description messages per second of the whole fleet; open loop only */
                ratePerSecond?: number;
                /** @description closed loop only: wait after an echo before the next send; default: 0 */
                loopDelayMs?: number;
                /** @description messages that a session may have in flight; default: 1 */
                overSend?: number;
                /** @description default: 5000 */
                echoTimeoutMs?: number;
                /** @description a connect that takes longer is an error; so is a session that the fleet has begun to close and that the server does not close within this time; default: 5000 */
                connectTimeoutMs?: number;
                /** @description churn: sessions of the whole fleet that disconnect and reconnect, per second; default: 0 */
                disconnectsPerSecond?: number;
                /** @description share of the disconnects that reset the connection instead of closing it gracefully; default: 0 */
                abortiveShare?: number;
                /** @description sessions that read no faster than this, with a small receive buffer; their echoes are checked, but not counted as latency, and as overdue only if nothing comes for as long as an echo may take */
                slowReaders?: {
                    /** @description share of the sessions */
                    share: number;
                    bytesPerSecond: number;
                };
                /** @description broadcast: a message goes to every player of its sender's zone, the sender included, whose copy is its echo; ticks go to every player without a message. Only under the protocol "oversoak", in an open loop, and with a server of the soak's own */
                zones?: {
                    /** @description players of a zone: the first `size` sessions are in the first zone, and so on; every number of sessions must be a multiple of it */
                    size: number;
                    /** @description share of the messages that go to the whole zone; the others are only echoed. 0 only with ticks; default: 1 */
                    share?: number;
                    /** @description updates that the server sends to all members of each zone on its own, without a request; 0: none. One that is late is sent once, and those that have become due meanwhile are left out and counted (ticksSkipped); default: 0 */
                    ticksPerSecond?: number;
                    /** @description size of the frame of such an update; only with ticksPerSecond; default: 256 */
                    tickBytes?: number;
                    /**
                     * @description for a member that reads more slowly than its zone speaks, once `server.sendQueueBytes` of deliveries wait for it. close: its session is closed, which is an error, as it is without zones; drop: the new delivery is left out; newest: all that waits is left out in favour of the new one. What is left out is counted, and the next delivery says how much it was. The own message is never left out; default: "close"
                     * @enum {unknown}
                     */
                    policy?: "close" | "drop" | "newest";
                };
            };
            /** @description the thread budget; a model that needs more threads runs them and shows it (strictBudget refuses it) */
            threads?: {
                /** @description IO threads; default: 1 */
                io?: number;
                /** @description content threads; homo has none and runs that many more IO threads instead, so that each layout has the same budget; default: 0 */
                content?: number;
            };
            /** @description refuse a cell that needs more threads than `threads`; default: false */
            strictBudget?: boolean;
            /** @description contents, their work, and how players move */
            game?: {
                /** @description a player starts in the first content; default: [{"name":"lobby"},{"name":"pvp"},{"name":"dungeon"}] */
                contents?: {
                    name: string;
                    /** @description CPU time that each message burns, in microseconds (a calibrated spin); default: 0 */
                    workUs?: number;
                    /** @description kinds of messages, each with its own work; replaces workUs */
                    mix?: {
                        /** @description of the messages of this content; the shares of a mix add up to 1 */
                        share: number;
                        /** @description CPU time that each message burns, in microseconds (a calibrated spin); default: 0 */
                        workUs?: number;
                    }[];
                    /** @description the content works in an update loop of this rate: messages wait for the next tick; absent: as they come */
                    ticksPerSecond?: number;
                    /** @description probability, after each message, that the player moves to the content of that name */
                    moves?: {
                        [key: string]: number;
                    };
                }[];
                /**
                 * @description the player container's lock: mutex (CRITICAL_SECTION), srwlock (lookups share it), sharded (16 srwlocks, by player); default: "mutex"
                 * @enum {unknown}
                 */
                containerLock?: "mutex" | "srwlock" | "sharded";
                /**
                 * @description a content thread's queue: locked (a mutex), lock-free (boost::lockfree::queue); default: "locked"
                 * @enum {unknown}
                 */
                contentQueue?: "locked" | "lock-free";
                /** @description messages that may wait for one content thread; a session that sends one more is closed and counted (queueOverflow); default: 65536 */
                queueLimit?: number;
            };
            server?: {
                /** @description 0: any free port; default: 0 */
                port?: number;
                /** @description clients other than the gang's fleets may connect too: accepts are then not compared with connects; default: false */
                foreignClients?: boolean;
                /**
                 * @description full: a receive is always posted; half: a session receives again only when all earlier messages are answered and the send is complete; default: "full"
                 * @enum {unknown}
                 */
                duplex?: "full" | "half";
                /** @description bytes of answers that a session may queue behind the send in flight; `overSend` answers should fit, or a client that reads slowly for a moment is an error; default: 262144 */
                sendQueueBytes?: number;
                iocp?: {
                    /** @description FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: an operation that finishes at once posts no packet and is handled inline; default: true */
                    skipCompletionPortOnSuccess?: boolean;
                    /** @description how many rounds of operations that finished at once are handled before the port is looked at again; the bound that keeps busy sessions from starving the others; default: 8 */
                    inlineRounds?: number;
                };
            };
            fleet?: {
                /** @description fleet agents of a gang; sessions and rate are divided among them; default: 1 */
                agents?: number;
                /** @description default: 1 */
                threads?: number;
            };
            phases: {
                /** @description the connects are distributed evenly over this time; default: 1 */
                rampUpSeconds?: number;
                /** @description default: 2 */
                warmUpSeconds?: number;
                measureSeconds: number;
                /** @description the longest wait for echoes in flight after the last send; default: 5 */
                drainSeconds?: number;
            };
            /** @description default: 1 */
            repeats?: number;
            /** @description default: 1 */
            seed?: number;
            placement?: {
                /** @description labels that an agent must have */
                server?: {
                    [key: string]: string;
                };
                /** @description labels that an agent must have */
                fleet?: {
                    [key: string]: string;
                };
            };
            /** @description run the cells of this pinned baseline too, by its own spec, each next to the cell with the same key, so that differences between nights affect both sides */
            against?: {
                baseline: string;
            };
            /** @description 9 goes first; ten minutes of waiting count as one step; default: 5 */
            priority?: number;
            /** @description every error class has an implied "== 0"; default: [] */
            thresholds?: (string | {
                /** @description e.g. "echo.latency.p99 < 50ms", "achieved.rate >= 99% every 60s" */
                threshold: string;
                /** @description end the run as soon as the threshold is missed; for errors, or with "every" */
                abort: boolean;
            })[];
            /** @description expected figures; the comparison shows them beside the measurement, and no verdict changes */
            predictions?: (string | {
                /** @description e.g. "server.wakesPerEcho = 2 ± 20%", "echo.latency.p99 < 5ms" */
                predict: string;
                /** @enum {unknown} */
                notifier?: "iocp" | "completion-routine" | "event" | "select" | "event-select" | "async-select" | "epoll" | "io-uring";
                /** @enum {unknown} */
                layout?: "homo" | "hetero" | "hetero-channels";
                sessions?: number;
            })[];
            /** @description planted faults; "every" counts per thread */
            fault?: {
                /** @description flip a payload or checksum bit of every n-th echo */
                corruptEvery?: number;
                /** @description do not send every n-th echo */
                dropEvery?: number;
                /** @description send every n-th echo twice */
                duplicateEvery?: number;
                /** @description a thread of the content sleeps */
                stallContent?: {
                    /** @description name of the content */
                    content: string;
                    /** @description at every n-th message of the content */
                    every: number;
                    stallMs: number;
                };
                /** @description memory, written to */
                leakBytesPerAccept?: number;
                /** @description kernel handles (events) */
                leakHandlesPerAccept?: number;
                leakSocketsPerAccept?: number;
                /** @description every n-th session first receives an echo that belongs to a session that ended */
                staleEvery?: number;
                /** @description after every n-th move the player's next message is delivered to the old content */
                misrouteEvery?: number;
                /** @description do not send every n-th delivery to another member of the zone */
                zoneDropEvery?: number;
                /** @description send every n-th such delivery twice */
                zoneDuplicateEvery?: number;
                /** @description send every n-th such delivery after the next one */
                zoneSwapEvery?: number;
                /** @description send one more delivery after the answer to every n-th member's leave */
                zoneAfterLeaveEvery?: number;
            };
        };
        SoakSummary: {
            soakId: string;
            name: string;
            createdAtMs: number;
            /** @enum {unknown} */
            state: "queued" | "running" | "done";
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            runs: number;
            runsDone: number;
        };
        SoaksPage: {
            soaks: components["schemas"]["SoakSummary"][];
            /** @description null: the last page */
            nextCursor: string | null;
        };
        StageRow: {
            /** @description shortest latency, from the intended send time, that counts here */
            atLeastNs: number;
            count: number;
            /** @description sum over the echoes, ns */
            client: number;
            /** @description sum over the echoes, ns */
            "network+wake": number;
            /** @description sum over the echoes, ns */
            lock: number;
            /** @description sum over the echoes, ns */
            queue: number;
            /** @description sum over the echoes, ns */
            work: number;
            /** @description sum over the echoes, ns */
            send: number;
            /** @description sum over the echoes, ns */
            "fan-out": number;
        };
        /** @description directs the fleet at a server that oversoak did not start; the gang has no server agent */
        Target: {
            /** @description IPv4 address, IPv6 address or DNS name; a name is resolved by each agent of the fleet, which must allow all of its addresses and loads the first, IPv4 before IPv6 */
            host: string;
            port: number;
            /** @description what the server echoes: oversoak frames, echo8 (2-byte length 8, 8-byte increasing value, little-endian), raw: any bytes; {framed: …}, the description of a protocol of its own, or {plugin: …}, a library that speaks it */
            protocol: ("oversoak" | "echo8" | "raw") | components["schemas"]["Framed"] | components["schemas"]["Plugin"];
        };
        /** @description CPU time of one thread */
        ThreadFigures: {
            /** @description accept, io-0, lobby-0, fleet-0, ... */
            name: string;
            userSeconds: number;
            kernelSeconds: number;
            cycles: number | null;
        };
        /**
         * @description the thread budget; a model that needs more threads runs them and shows it (strictBudget refuses it)
         * @default {}
         */
        Threads: {
            /**
             * @description IO threads
             * @default 1
             */
            io: number;
            /**
             * @description content threads; homo has none and runs that many more IO threads instead, so that each layout has the same budget
             * @default 0
             */
            content: number;
        };
        Token: {
            /** @description of the token; "bootstrap" is the one of OVERSOAK_TOKEN */
            id: string;
            name: string;
            /**
             * @description reader: sees everything; operator: also runs soaks; admin: everything
             * @enum {unknown}
             */
            role: "reader" | "operator" | "admin";
            /** @description Redis time; null: never, which only the token of OVERSOAK_TOKEN does */
            expiresAtMs: number | null;
            /** @description Redis time */
            createdAtMs: number;
        };
        /**
         * @example {
         *       "name": "ci",
         *       "role": "operator",
         *       "expiresInDays": 30
         *     }
         */
        TokenRequest: {
            /** @description who or what it is for */
            name: string;
            /**
             * @description reader: sees everything; operator: also runs soaks; admin: everything
             * @enum {unknown}
             */
            role: "reader" | "operator" | "admin";
            /** @description default: 90 */
            expiresInDays?: number;
        };
        Trend: {
            schedule: string;
            /** @description every distinct label; to be shown with the figures */
            platform: string[];
            base: {
                /** @description the first soak of it */
                sinceSoakId: string;
                sinceTickAtMs: number;
                /** @description the baseline that began it; null: it began with the first soak of this spec */
                pinned: string | null;
            };
            series: components["schemas"]["TrendSeries"][];
            /** @description whether any series has a regression */
            regression: boolean;
            /** @description what to know before reading */
            notes: string[];
        };
        TrendBase: {
            /** @description geometric mean of its nights */
            middle: number;
            /** @description 95 % of single nights like these lie between low and high */
            low: number;
            high: number;
            /** @description nights that form the base so far */
            nights: number;
            /** @description smallest lasting change, as a ratio above 1, that ten nights would show */
            smallest: number;
        };
        TrendChange: {
            /** @description the first soak that belongs to the change */
            sinceSoakId: string;
            sinceTickAtMs: number;
            /** @description ratio of the nights since then to the base */
            ratio: number;
        };
        TrendPoint: {
            soakId: string;
            tickAtMs: number;
            /** @enum {unknown} */
            cause: "tick" | "late" | "manual" | "confirm";
            /** @description verdict of the cell; null: the soak has no such cell */
            verdict: ("passed" | "failed" | "inconclusive" | "cancelled") | null;
            /** @description the figure over all repeats; null: none, or the load of the cell was not sound */
            value: number | null;
            /**
             * @description suspect: worse than the base, with less evidence than a regression needs; never used for improvements
             * @enum {unknown}
             */
            state: "none" | "suspect" | "regression" | "improvement";
        };
        TrendSeries: {
            /** @description key of the cell */
            cell: string;
            /** @enum {unknown} */
            metric: "echo.latency.p50" | "echo.latency.p99" | "echo.latency.slowest" | "delivery.latency.p99" | "sent.rate" | "server.cpuPerEcho" | "server.cpuPerDelivery" | "server.workingSet";
            unit: string;
            /** @description null: too few sound nights */
            base: components["schemas"]["TrendBase"] | null;
            /** @description oldest first, each with the state after that night */
            points: components["schemas"]["TrendPoint"][];
            /**
             * @description suspect: worse than the base, with less evidence than a regression needs; never used for improvements
             * @enum {unknown}
             */
            state: "none" | "suspect" | "regression" | "improvement";
            /** @description null: the state is none */
            change: components["schemas"]["TrendChange"] | null;
        };
        /** @description what is posted to the webhook of a schedule */
        WebhookEvent: {
            /** @enum {unknown} */
            type: "soak.done" | "soak.refused";
            /** @description when it happened; ISO 8601 */
            timestamp: string;
            data: {
                schedule: string;
                tickAtMs: number;
                /** @description null: refused */
                soakId: string | null;
                /**
                 * @description inconclusive: refused
                 * @enum {unknown}
                 */
                verdict: "passed" | "failed" | "inconclusive" | "cancelled";
                /** @description reasons of the runs with that verdict */
                reasons: string[];
                /** @description path of the soak, or of the history, in the API */
                path: string;
            };
        };
        /** @description broadcast: a message goes to every player of its sender's zone, the sender included, whose copy is its echo; ticks go to every player without a message. Only under the protocol "oversoak", in an open loop, and with a server of the soak's own */
        Zones: {
            /** @description players of a zone: the first `size` sessions are in the first zone, and so on; every number of sessions must be a multiple of it */
            size: number;
            /**
             * @description share of the messages that go to the whole zone; the others are only echoed. 0 only with ticks
             * @default 1
             */
            share: number;
            /**
             * @description updates that the server sends to all members of each zone on its own, without a request; 0: none. One that is late is sent once, and those that have become due meanwhile are left out and counted (ticksSkipped)
             * @default 0
             */
            ticksPerSecond: number;
            /**
             * @description size of the frame of such an update; only with ticksPerSecond
             * @default 256
             */
            tickBytes: number;
            /**
             * @description for a member that reads more slowly than its zone speaks, once `server.sendQueueBytes` of deliveries wait for it. close: its session is closed, which is an error, as it is without zones; drop: the new delivery is left out; newest: all that waits is left out in favour of the new one. What is left out is counted, and the next delivery says how much it was. The own message is never left out
             * @default close
             * @enum {unknown}
             */
            policy: "close" | "drop" | "newest";
        };
    };
    responses: {
        /** @description no token, or not a valid one */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the role of the token does not include this */
        Forbidden: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the address made too many requests within a minute */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the answer is the one that If-None-Match names */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description identifies the answer; send it as If-None-Match to get 304 while it is the same */
        ETag: string;
        /** @description path of what was created */
        Location: string;
        /** @description seconds after which to try again */
        RetryAfter: number;
        /** @description RFC 6750: `Bearer realm="oversoak"`, with the `error` of a token that was sent */
        WWWAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            304: components["responses"]["NotModified"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        status: "ready" | "not ready";
                        /** @description it can be reached */
                        redis: boolean;
                        /** @description why Redis refuses writes; null: it accepts them */
                        refusal: string | null;
                        /** @description number of refused agent reports by reason, since Redis was set up */
                        reportsRefused: {
                            [key: string]: number;
                        };
                    };
                };
            };
            304: components["responses"]["NotModified"];
            429: components["responses"]["TooManyRequests"];
            /** @description not ready, or overloaded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        status: "ready" | "not ready";
                        /** @description it can be reached */
                        redis: boolean;
                        /** @description why Redis refuses writes; null: it accepts them */
                        refusal: string | null;
                        /** @description number of refused agent reports by reason, since Redis was set up */
                        reportsRefused: {
                            [key: string]: number;
                        };
                    };
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    joinCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "osj_win-1_secret"
                 *     }
                 */
                "application/json": {
                    /** @description of a join link */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinAnswer"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSoaks: {
        parameters: {
            query?: {
                limit?: number;
                /** @description its state now */
                state?: "queued" | "running" | "done";
                /** @description of the soak; one that is not done has none */
                verdict?: "passed" | "failed" | "inconclusive" | "cancelled";
                /** @description a part of its name, in upper or lower case */
                name?: string;
                /** @description name of the schedule that submitted it */
                schedule?: string;
                /** @description how the ids begin */
                prefix?: string;
                /** @description `nextCursor` of a page */
                cursor?: string;
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoaksPage"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitSoak: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters. For 7 days, a repeated request with this key returns the soak that the first one created; with another body it is refused */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description a soak */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/yaml": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/x-yaml": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "text/yaml": components["schemas"]["SoakSpec"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    planSoak: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description a soak */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/yaml": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "application/x-yaml": components["schemas"]["SoakSpec"];
                /**
                 * @example {
                 *       "name": "hello",
                 *       "matrix": {
                 *         "notifier": [
                 *           "iocp",
                 *           "event"
                 *         ],
                 *         "layout": [
                 *           "homo",
                 *           "hetero"
                 *         ],
                 *         "sessions": [
                 *           100
                 *         ]
                 *       },
                 *       "workload": {
                 *         "ratePerSecond": 300
                 *       },
                 *       "phases": {
                 *         "measureSeconds": 20
                 *       },
                 *       "repeats": 2,
                 *       "thresholds": [
                 *         "echo.latency.p99 < 250ms"
                 *       ]
                 *     }
                 */
                "text/yaml": components["schemas"]["SoakSpec"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoakPlan"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSoak: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSoak: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compareCells: {
        parameters: {
            query?: {
                /** @description else by Accept */
                format?: "json" | "csv" | "markdown";
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelSoak: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followSoak: {
        parameters: {
            query?: {
                /** @description how far back samples go at the first connect; states come from the start */
                samplesOfSeconds?: number;
            };
            header?: never;
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description text/event-stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: {
                /** @description else by Accept */
                format?: "json" | "html";
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoakReport"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportSoak: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example soak-01k9x2m4qrs6tv8wxyz0123456 */
                soakId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description lines: the soak, a run each, the end with a sha256 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importSoak: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description the response of an export */
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example run-01k9x2m4qrs6tv8wxyz0123456-1 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunWithResult"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSamples: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of a page */
                cursor?: string;
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example run-01k9x2m4qrs6tv8wxyz0123456-1 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        samples: components["schemas"]["Sample"][];
                        nextCursor: string | null;
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example run-01k9x2m4qrs6tv8wxyz0123456-1 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description text/event-stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: only if it has not changed since; *: only if it exists */
                "if-match"?: string;
                /** @description *: only if it does not exist */
                "if-none-match"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        /** @description a soak that is submitted by a cron pattern */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cron": "0 2 * * *",
                 *       "timeZone": "Asia/Seoul",
                 *       "spec": {
                 *         "name": "hello",
                 *         "matrix": {
                 *           "notifier": [
                 *             "iocp",
                 *             "event"
                 *           ],
                 *           "layout": [
                 *             "homo",
                 *             "hetero"
                 *           ],
                 *           "sessions": [
                 *             100
                 *           ]
                 *         },
                 *         "workload": {
                 *           "ratePerSecond": 300
                 *         },
                 *         "phases": {
                 *           "measureSeconds": 20
                 *         },
                 *         "repeats": 2,
                 *         "thresholds": [
                 *           "echo.latency.p99 < 250ms"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ScheduleInput"];
                /**
                 * @example {
                 *       "cron": "0 2 * * *",
                 *       "timeZone": "Asia/Seoul",
                 *       "spec": {
                 *         "name": "hello",
                 *         "matrix": {
                 *           "notifier": [
                 *             "iocp",
                 *             "event"
                 *           ],
                 *           "layout": [
                 *             "homo",
                 *             "hetero"
                 *           ],
                 *           "sessions": [
                 *             100
                 *           ]
                 *         },
                 *         "workload": {
                 *           "ratePerSecond": 300
                 *         },
                 *         "phases": {
                 *           "measureSeconds": 20
                 *         },
                 *         "repeats": 2,
                 *         "thresholds": [
                 *           "echo.latency.p99 < 250ms"
                 *         ]
                 *       }
                 *     }
                 */
                "application/yaml": components["schemas"]["ScheduleInput"];
                /**
                 * @example {
                 *       "cron": "0 2 * * *",
                 *       "timeZone": "Asia/Seoul",
                 *       "spec": {
                 *         "name": "hello",
                 *         "matrix": {
                 *           "notifier": [
                 *             "iocp",
                 *             "event"
                 *           ],
                 *           "layout": [
                 *             "homo",
                 *             "hetero"
                 *           ],
                 *           "sessions": [
                 *             100
                 *           ]
                 *         },
                 *         "workload": {
                 *           "ratePerSecond": 300
                 *         },
                 *         "phases": {
                 *           "measureSeconds": 20
                 *         },
                 *         "repeats": 2,
                 *         "thresholds": [
                 *           "echo.latency.p99 < 250ms"
                 *         ]
                 *       }
                 *     }
                 */
                "application/x-yaml": components["schemas"]["ScheduleInput"];
                /**
                 * @example {
                 *       "cron": "0 2 * * *",
                 *       "timeZone": "Asia/Seoul",
                 *       "spec": {
                 *         "name": "hello",
                 *         "matrix": {
                 *           "notifier": [
                 *             "iocp",
                 *             "event"
                 *           ],
                 *           "layout": [
                 *             "homo",
                 *             "hetero"
                 *           ],
                 *           "sessions": [
                 *             100
                 *           ]
                 *         },
                 *         "workload": {
                 *           "ratePerSecond": 300
                 *         },
                 *         "phases": {
                 *           "measureSeconds": 20
                 *         },
                 *         "repeats": 2,
                 *         "thresholds": [
                 *           "echo.latency.p99 < 250ms"
                 *         ]
                 *       }
                 *     }
                 */
                "text/yaml": components["schemas"]["ScheduleInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: only if it has not changed since; *: only if it exists */
                "if-match"?: string;
                /** @description *: only if it does not exist */
                "if-none-match"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        schedules: components["schemas"]["Schedule"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters. For 7 days, a repeated request with this key returns the soak that the first one created; with another body it is refused */
                "idempotency-key"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Soak"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTicks: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of a page */
                cursor?: string;
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["ScheduleEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAgents: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agents: components["schemas"]["Agent"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drainAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example agent-1 */
                agentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endDrainOfAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example agent-1 */
                agentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestProbes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "names": [
                 *         "overlapped-receive-pends"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ProbesRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbesRequested"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProbesOfAgent: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example agent-1 */
                agentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentProbes"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBaseline: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example main */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Baseline"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pinBaseline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example main */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "soakId": "soak-01k9x2m4qrs6tv8wxyz0123456",
                 *       "note": "before the new allocator"
                 *     }
                 */
                "application/json": components["schemas"]["BaselineRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Baseline"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unpinBaseline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example main */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBaselines: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baselines: components["schemas"]["Baseline"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compareTwo: {
        parameters: {
            query: {
                /** @description one of SOAK_ID, SOAK_ID/CELL_KEY, baseline:NAME, baseline:NAME/CELL_KEY */
                left: string;
                /** @description one of SOAK_ID, SOAK_ID/CELL_KEY, baseline:NAME, baseline:NAME/CELL_KEY */
                right: string;
                /** @description else by Accept */
                format?: "json" | "csv" | "markdown" | "html";
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoakDifference"];
                };
            };
            304: components["responses"]["NotModified"];
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrend: {
        parameters: {
            query?: {
                /** @description number of newest soaks shown for each series; all of them are judged */
                limit?: number;
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path: {
                /** @example nightly */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trend"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["Token"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "role": "operator",
                 *       "expiresInDays": 30
                 *     }
                 */
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example k3v9x2m4qr */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEnrolments: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        enrolments: components["schemas"]["Enrolment"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolAgent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agentId": "win-1",
                 *       "address": "10.0.0.7",
                 *       "labels": {
                 *         "rack": "a"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EnrolmentRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinToken"];
                };
            };
            /** @description what is wrong with the request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example agent-1 */
                agentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinToken"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example agent-1 */
                agentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description what is wrong with the request */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of a page */
                cursor?: string;
            };
            header?: {
                /** @description an ETag: 304 without a body while the answer is the same */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            /** @description what is wrong with the request */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description what is wrong with the request */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    scheduledSoakEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description accepted; the body is not read */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
