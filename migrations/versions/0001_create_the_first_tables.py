"""Create the first tables, and the guards by which the database refuses what must never happen."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_tables()
    _guard_in_sqlite() if op.get_bind().dialect.name == "sqlite" else _guard_in_postgresql()


def _create_tables() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("interpreter_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("planning_run_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "actor_role IN ('system', 'caseworker', 'interpreter', 'coordinator', "
            "'organisation_lead', 'auditor', 'administrator')",
            name=op.f("ck_changes_known_actor_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_at"), "changes", ["at"], unique=False)
    op.create_index("ix_changes_of_assignment", "changes", ["assignment_id", "id"], unique=False)
    op.create_index("ix_changes_of_interpreter", "changes", ["interpreter_id", "id"], unique=False)
    op.create_index("ix_changes_of_message", "changes", ["message_id", "id"], unique=False)
    op.create_index(
        "ix_changes_of_request", "changes", ["interpretation_request_id", "id"], unique=False
    )
    op.create_index("ix_changes_of_series", "changes", ["series_id", "id"], unique=False)
    op.create_index(
        "ix_changes_of_organisation", "changes", ["organisation_id", "id"], unique=False
    )
    op.create_index(
        "ix_changes_of_organisation_itself",
        "changes",
        ["organisation_id", "id"],
        unique=False,
        sqlite_where=sa.text("interpretation_request_id IS NULL"),
        postgresql_where=sa.text("interpretation_request_id IS NULL"),
    )
    op.create_index("ix_changes_of_site", "changes", ["site_id", "id"], unique=False)
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_change_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("changes >= 1", name=op.f("ck_seals_seals_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("last_change_id", name=op.f("uq_seals_last_change_id")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_name", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("calendar_method", sa.String(), nullable=True),
        sa.Column("calendar_text", sa.String(), nullable=True),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("makes_sense_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("may_have_left", sa.Boolean(), nullable=False),
        sa.Column("perhaps_repeated", sa.Boolean(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("receipt_error", sa.String(), nullable=False),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("otherwise_to", sa.String(), nullable=True),
        sa.Column("quiet_hours", sa.String(), nullable=False),
        sa.Column("handed_over_by", sa.String(), nullable=False),
        sa.Column("has_lost_secret", sa.Boolean(), nullable=False),
        sa.Column("most_an_hour", sa.Integer(), nullable=False),
        sa.Column("sent_with", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_messages_channel")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'suppressed', 'perhaps_sent',"
            " 'settled')",
            name=op.f("ck_messages_state"),
        ),
        sa.CheckConstraint(
            "receipt IN ('', 'accepted', 'scheduled', 'queued', 'sending', 'sent', "
            "'undelivered', 'failed', 'delivered')",
            name=op.f("ck_messages_known_receipt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_messages_mail_id")),
    )
    op.create_index("ix_messages_about_id", "messages", ["about", "id"], unique=False)
    op.create_index(
        "ix_messages_with_facts",
        "messages",
        ["name", "id"],
        unique=False,
        sqlite_where=sa.text("facts IS NOT NULL"),
        postgresql_where=sa.text("facts IS NOT NULL"),
    )
    op.create_index("ix_messages_sender_id", "messages", ["sender", "id"], unique=False)
    op.create_index(
        "ix_messages_provider_reference", "messages", ["provider_reference"], unique=False
    )
    op.create_index("ix_messages_recipient_id", "messages", ["recipient", "id"], unique=False)
    op.create_index("ix_messages_state_id", "messages", ["state", "id"], unique=False)
    op.create_index(
        "ix_messages_channel_handed_over", "messages", ["channel", "handed_over_at"], unique=False
    )
    op.create_index(
        "ix_messages_for_a_person",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('failed', 'suppressed', 'perhaps_sent')"),
        postgresql_where=sa.text("state IN ('failed', 'suppressed', 'perhaps_sent')"),
    )
    op.create_index(
        "ix_messages_nobody_there",
        "messages",
        ["recipient", "id"],
        unique=False,
        sqlite_where=sa.text(
            "error_code IN ('address-unusable', 'not-mobile', 'number-invalid', "
            "'number-unknown', 'number-unusable', 'recipient-refused')"
        ),
        postgresql_where=sa.text(
            "error_code IN ('address-unusable', 'not-mobile', 'number-invalid', "
            "'number-unknown', 'number-unusable', 'recipient-refused')"
        ),
    )
    op.create_index(
        "ix_messages_on_their_way",
        "messages",
        ["channel"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_table(
        "message_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_subjects_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_subjects")),
    )
    op.create_index(
        "ix_message_subjects_about", "message_subjects", ["about", "message_id"], unique=False
    )
    op.create_index(
        op.f("ix_message_subjects_message_id"), "message_subjects", ["message_id"], unique=False
    )
    op.create_table(
        "phone_numbers",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_phone_numbers")),
    )
    op.create_table(
        "stopped_numbers",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_stopped_numbers")),
    )
    op.create_table(
        "reply_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_codes")),
        sa.UniqueConstraint("number", "code", name=op.f("uq_reply_codes_number")),
    )
    op.create_index("uq_reply_codes_question", "reply_codes", ["number", "about"], unique=True)
    op.create_index(op.f("ix_reply_codes_made_at"), "reply_codes", ["made_at"], unique=False)
    op.create_table(
        "transport_states",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'sms', 'sms_second')", name=op.f("ck_transport_states_channel")
        ),
        sa.CheckConstraint(
            "state IN ('up', 'slowed', 'down')", name=op.f("ck_transport_states_state")
        ),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_transport_states")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("assigns_directly", sa.Boolean(), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("two_above_minutes", sa.Integer(), nullable=True),
        sa.Column("asks_by_itself_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "strategy IN ('direct', 'cascade', 'broadcast', 'tiers', 'interest')",
            name=op.f("ck_organisations_known_strategy"),
        ),
        sa.CheckConstraint(
            "two_above_minutes BETWEEN 15 AND 600",
            name=op.f("ck_organisations_two_above_a_duration"),
        ),
        sa.CheckConstraint(
            "kind IN ('city_department', 'clinic', 'court', 'job_centre', 'kindergarten', "
            "'police', 'school', 'welfare_association', 'other')",
            name=op.f("ck_organisations_known_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("filled_undisturbed", sa.Integer(), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_pairs", sa.JSON(), nullable=False),
        sa.Column("repair", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("repair IN ('stands', 'over')", name=op.f("ck_proposals_known_repair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_first_day"), "proposals", ["first_day"], unique=False)
    op.create_table(
        "looks",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_looks")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_in_tries")),
    )
    op.create_table(
        "sent_forms",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sent_forms")),
    )
    op.create_table(
        "wanted_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_links")),
    )
    op.create_table(
        "timetables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("feed_version", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_timetables_valid_from_first")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetables")),
    )
    op.create_table(
        "travel_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_places")),
        sa.UniqueConstraint("latitude", "longitude", name="uq_travel_places_point"),
    )
    op.create_table(
        "travel_rows",
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "mode IN ('car', 'bicycle', 'on_foot', 'public_transport')",
            name=op.f("ck_travel_rows_known_mode"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["travel_places.id"], name=op.f("fk_travel_rows_place_id")
        ),
        sa.PrimaryKeyConstraint("mode", "place_id", name=op.f("pk_travel_rows")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("access_notes", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('adult_education', 'citizen_office', 'community_centre', "
            "'counselling', 'court', 'health_office', 'hospital', 'immigration_office', "
            "'jobcenter', 'kita', 'library', 'lokal_willkommen', 'migrant_organisation', "
            "'municipal_office', 'police', 'prison', 'school', 'senior_centre', 'shelter', "
            "'social_welfare', 'town_hall', 'youth_centre')",
            name=op.f("ck_sites_known_kind"),
        ),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90", name=op.f("ck_sites_latitude_in_degrees")
        ),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_sites_longitude_in_degrees")
        ),
        sa.CheckConstraint(
            "buffer_before_minutes BETWEEN 0 AND 120", name=op.f("ck_sites_short_buffer_before")
        ),
        sa.CheckConstraint(
            "buffer_after_minutes BETWEEN 0 AND 120", name=op.f("ck_sites_short_buffer_after")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_sites_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("register_number", name=op.f("uq_sites_register_number")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('caseworker', 'interpreter', 'coordinator', 'organisation_lead', "
            "'auditor', 'administrator')",
            name=op.f("ck_accounts_known_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
    )
    op.create_index(op.f("ix_accounts_phone"), "accounts", ["phone"], unique=False)
    op.create_table(
        "message_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_message_texts_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_texts")),
    )
    op.create_index("ix_message_texts_path", "message_texts", ["path", "id"], unique=False)
    op.create_table(
        "hearing_wishes",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("quiet_hours", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_hearing_wishes_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_hearing_wishes")),
    )
    op.create_table(
        "planning_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("disturb_at_most", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("in_parts", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_planning_runs_proposal_id")
        ),
        sa.CheckConstraint(
            "failure IN ('crashed', 'too_long', 'lost', 'contradiction')",
            name=op.f("ck_planning_runs_known_failure"),
        ),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'failed')", name=op.f("ck_planning_runs_known_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_runs")),
    )
    op.create_index(
        op.f("ix_planning_runs_first_day"), "planning_runs", ["first_day"], unique=False
    )
    op.create_table(
        "reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('office', 'told')", name=op.f("ck_reasons_office_or_told")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_reasons_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
    )
    op.create_index(op.f("ix_reasons_change_id"), "reasons", ["change_id"], unique=False)
    op.create_table(
        "interpretation_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_in_words", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("wall_start", sa.String(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("interpreter_count", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("gender_required", sa.String(), nullable=True),
        sa.Column("qualification_required", sa.String(), nullable=True),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("video_link", sa.String(), nullable=False),
        sa.Column("dial_in", sa.String(), nullable=False),
        sa.Column("gender_wished", sa.String(), nullable=True),
        sa.Column("qualification_wished", sa.String(), nullable=True),
        sa.Column("level_required", sa.Integer(), nullable=True),
        sa.Column("level_wished", sa.Integer(), nullable=True),
        sa.Column("accepts_varieties", sa.Boolean(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("alone_because", sa.String(), nullable=False),
        sa.Column("decides_on_rights", sa.Boolean(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("only_same_person", sa.Boolean(), nullable=False),
        sa.Column("only_preferred", sa.Boolean(), nullable=False),
        sa.Column("relay_allowed", sa.Boolean(), nullable=False),
        sa.Column("handover_allowed", sa.Boolean(), nullable=False),
        sa.Column("pivot", sa.String(), nullable=True),
        sa.Column("handed_over_after", sa.Integer(), nullable=True),
        sa.Column("handover_minutes", sa.Integer(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("agency_cents", sa.Integer(), nullable=True),
        sa.Column("agency_seats", sa.Integer(), nullable=True),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("cost_centre", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_word_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "setting IN ('school', 'kindergarten', 'health', 'housing', "
            "'asylum_and_residence', 'job_centre', 'youth_welfare', 'counselling', "
            "'court_and_police')",
            name=op.f("ck_interpretation_requests_known_setting"),
        ),
        sa.CheckConstraint(
            "state IN ('in_review', 'open', 'filled', 'completed', 'cancelled', 'unfilled', "
            "'refused')",
            name=op.f("ck_interpretation_requests_known_state"),
        ),
        sa.CheckConstraint(
            "gender_required IN ('female', 'male', 'diverse')",
            name=op.f("ck_interpretation_requests_known_gender_required"),
        ),
        sa.CheckConstraint(
            "qualification_required IN ('volunteer', 'sprint', 'state_certified', 'sworn')",
            name=op.f("ck_interpretation_requests_known_qualification_required"),
        ),
        sa.CheckConstraint(
            "gender_wished IN ('female', 'male', 'diverse')",
            name=op.f("ck_interpretation_requests_known_gender_wished"),
        ),
        sa.CheckConstraint(
            "qualification_wished IN ('volunteer', 'sprint', 'state_certified', 'sworn')",
            name=op.f("ck_interpretation_requests_known_qualification_wished"),
        ),
        sa.CheckConstraint(
            "level_required BETWEEN 1 AND 5",
            name=op.f("ck_interpretation_requests_level_required_one_to_five"),
        ),
        sa.CheckConstraint(
            "level_wished BETWEEN 1 AND 5",
            name=op.f("ck_interpretation_requests_level_wished_one_to_five"),
        ),
        sa.CheckConstraint(
            "strategy IN ('direct', 'cascade', 'broadcast', 'tiers', 'interest')",
            name=op.f("ck_interpretation_requests_known_strategy"),
        ),
        sa.CheckConstraint(
            "ways IN ('on_site', 'video', 'telephone', 'on_site,video', "
            "'on_site,telephone', 'video,on_site', 'video,telephone', 'telephone,on_site', "
            "'telephone,video', 'on_site,video,telephone', 'on_site,telephone,video', "
            "'video,on_site,telephone', 'video,telephone,on_site', "
            "'telephone,on_site,video', 'telephone,video,on_site')",
            name=op.f("ck_interpretation_requests_known_ways"),
        ),
        sa.CheckConstraint(
            "priority BETWEEN 1 AND 3",
            name=op.f("ck_interpretation_requests_priority_one_to_three"),
        ),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_interpretation_requests_ends_after_start")
        ),
        sa.CheckConstraint(
            "latest_start_at >= starts_at AND latest_start_at < ends_at",
            name=op.f("ck_interpretation_requests_starts_in_a_window"),
        ),
        sa.CheckConstraint(
            "interpreter_count = 2 OR pivot IS NULL AND handed_over_after IS NULL",
            name=op.f("ck_interpretation_requests_two_share_a_talk"),
        ),
        sa.CheckConstraint(
            "pivot IS NULL OR handed_over_after IS NULL",
            name=op.f("ck_interpretation_requests_shared_in_one_way"),
        ),
        sa.CheckConstraint(
            "agency_cents IS NULL OR agency IS NOT NULL",
            name=op.f("ck_interpretation_requests_paid_to_an_agency"),
        ),
        sa.CheckConstraint(
            "agency_cents >= 0", name=op.f("ck_interpretation_requests_agency_from_nothing")
        ),
        sa.CheckConstraint(
            "handed_over_after > 0 AND handed_over_after < duration_minutes",
            name=op.f("ck_interpretation_requests_handed_over_inside"),
        ),
        sa.CheckConstraint(
            "(agency IS NULL) = (agency_seats IS NULL)",
            name=op.f("ck_interpretation_requests_seats_of_an_agency"),
        ),
        sa.CheckConstraint(
            "agency_seats BETWEEN 1 AND interpreter_count",
            name=op.f("ck_interpretation_requests_agency_in_the_team"),
        ),
        sa.CheckConstraint(
            "interpreter_count BETWEEN 1 AND 10",
            name=op.f("ck_interpretation_requests_one_to_ten_interpreters"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_interpretation_requests_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interpretation_requests_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_interpretation_requests_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpretation_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_interpretation_requests_reference")),
    )
    op.create_table(
        "advice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("request_version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("able", sa.Integer(), nullable=False),
        sa.Column("remedies", sa.JSON(), nullable=False),
        sa.Column("put", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "settled IN ('covered', 'not_needed', 'can_be_asked')",
            name=op.f("ck_advice_known_settled"),
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_advice_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_advice_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
    )
    op.create_index(
        op.f("ix_advice_interpretation_request_id"),
        "advice",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interpretation_requests_language"),
        "interpretation_requests",
        ["language"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interpretation_requests_next_word_at"),
        "interpretation_requests",
        ["next_word_at"],
        unique=False,
    )
    op.create_index(
        "ix_requests_by_start", "interpretation_requests", ["starts_at", "id"], unique=False
    )
    op.create_index(
        "ix_requests_of_account", "interpretation_requests", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_requests_of_case",
        "interpretation_requests",
        ["organisation_id", "case_reference"],
        unique=False,
        sqlite_where=sa.text("case_reference <> ''"),
        postgresql_where=sa.text("case_reference <> ''"),
    )
    op.create_index(
        "ix_requests_of_organisation_by_start",
        "interpretation_requests",
        ["organisation_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_requests_of_state_by_start",
        "interpretation_requests",
        ["state", "starts_at", "id"],
        unique=False,
    )
    op.create_table(
        "staged_requests",
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_in_words", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("wall_start", sa.String(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("interpreter_count", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("gender_required", sa.String(), nullable=True),
        sa.Column("qualification_required", sa.String(), nullable=True),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("video_link", sa.String(), nullable=False),
        sa.Column("dial_in", sa.String(), nullable=False),
        sa.Column("gender_wished", sa.String(), nullable=True),
        sa.Column("qualification_wished", sa.String(), nullable=True),
        sa.Column("level_required", sa.Integer(), nullable=True),
        sa.Column("level_wished", sa.Integer(), nullable=True),
        sa.Column("accepts_varieties", sa.Boolean(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("alone_because", sa.String(), nullable=False),
        sa.Column("decides_on_rights", sa.Boolean(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("only_same_person", sa.Boolean(), nullable=False),
        sa.Column("only_preferred", sa.Boolean(), nullable=False),
        sa.Column("relay_allowed", sa.Boolean(), nullable=False),
        sa.Column("handover_allowed", sa.Boolean(), nullable=False),
        sa.Column("pivot", sa.String(), nullable=True),
        sa.Column("handed_over_after", sa.Integer(), nullable=True),
        sa.Column("handover_minutes", sa.Integer(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("agency_cents", sa.Integer(), nullable=True),
        sa.Column("agency_seats", sa.Integer(), nullable=True),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("cost_centre", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_word_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "gender_required IN ('female', 'male', 'diverse')",
            name=op.f("ck_staged_requests_known_gender_required"),
        ),
        sa.CheckConstraint(
            "gender_wished IN ('female', 'male', 'diverse')",
            name=op.f("ck_staged_requests_known_gender_wished"),
        ),
        sa.CheckConstraint(
            "qualification_required IN ('volunteer', 'sprint', 'state_certified', 'sworn')",
            name=op.f("ck_staged_requests_known_qualification_required"),
        ),
        sa.CheckConstraint(
            "qualification_wished IN ('volunteer', 'sprint', 'state_certified', 'sworn')",
            name=op.f("ck_staged_requests_known_qualification_wished"),
        ),
        sa.CheckConstraint(
            "setting IN ('school', 'kindergarten', 'health', 'housing', "
            "'asylum_and_residence', 'job_centre', 'youth_welfare', 'counselling', "
            "'court_and_police')",
            name=op.f("ck_staged_requests_known_setting"),
        ),
        sa.CheckConstraint(
            "state IN ('in_review', 'open', 'filled', 'completed', 'cancelled', 'unfilled', "
            "'refused')",
            name=op.f("ck_staged_requests_known_state"),
        ),
        sa.CheckConstraint(
            "strategy IN ('direct', 'cascade', 'broadcast', 'tiers', 'interest')",
            name=op.f("ck_staged_requests_known_strategy"),
        ),
        sa.CheckConstraint(
            "ways IN ('on_site', 'video', 'telephone', 'on_site,video', "
            "'on_site,telephone', 'video,on_site', 'video,telephone', 'telephone,on_site', "
            "'telephone,video', 'on_site,video,telephone', 'on_site,telephone,video', "
            "'video,on_site,telephone', 'video,telephone,on_site', "
            "'telephone,on_site,video', 'telephone,video,on_site')",
            name=op.f("ck_staged_requests_known_ways"),
        ),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_staged_requests")),
    )
    op.create_index(
        op.f("ix_staged_requests_staged_at"), "staged_requests", ["staged_at"], unique=False
    )
    op.create_table(
        "request_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'checking', 'storing', 'taken', 'refused')",
            name=op.f("ck_request_files_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_request_files_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_files")),
    )
    op.create_index(
        op.f("ix_request_files_account_id"), "request_files", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_request_files_brought_at"), "request_files", ["brought_at"], unique=False
    )
    op.create_table(
        "availabilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("notice_unit", sa.String(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("on_public_holidays", sa.Boolean(), nullable=False),
        sa.Column("in_school_holidays", sa.Boolean(), nullable=False),
        sa.Column("busy_minutes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "notice_unit IN ('hours', 'working_days')",
            name=op.f("ck_availabilities_known_notice_unit"),
        ),
        sa.CheckConstraint("notice >= 0", name=op.f("ck_availabilities_notice_from_nothing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availabilities")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("availability_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_absences_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["availability_id"], ["availabilities.id"], name=op.f("fk_absences_availability_id")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_absences_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(
        op.f("ix_absences_availability_id"), "absences", ["availability_id"], unique=False
    )
    op.create_table(
        "exceptional_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("availability_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("end", sa.Time(), nullable=True),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('instead', 'off', 'also')", name=op.f("ck_exceptional_days_known_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'off') = (start IS NULL)",
            name=op.f("ck_exceptional_days_times_but_on_days_off"),
        ),
        sa.CheckConstraint(
            '(start IS NULL) = ("end" IS NULL)',
            name=op.f("ck_exceptional_days_both_times_or_none"),
        ),
        sa.ForeignKeyConstraint(
            ["availability_id"],
            ["availabilities.id"],
            name=op.f("fk_exceptional_days_availability_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exceptional_days")),
    )
    op.create_index(
        op.f("ix_exceptional_days_availability_id"),
        "exceptional_days",
        ["availability_id"],
        unique=False,
    )
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("availability_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_monday_to_sunday")
        ),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_weekly_hours_valid_from_first")
        ),
        sa.ForeignKeyConstraint(
            ["availability_id"], ["availabilities.id"], name=op.f("fk_weekly_hours_availability_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(
        op.f("ix_weekly_hours_availability_id"), "weekly_hours", ["availability_id"], unique=False
    )
    op.create_table(
        "interpreters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("home_postcode", sa.String(), nullable=False),
        sa.Column("home_latitude", sa.Double(), nullable=False),
        sa.Column("home_longitude", sa.Double(), nullable=False),
        sa.Column("travel_mode", sa.String(), nullable=False),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("employment", sa.String(), nullable=False),
        sa.Column("maximum_minutes_per_day", sa.Integer(), nullable=False),
        sa.Column("maximum_minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("fee_cents_per_hour", sa.Integer(), nullable=False),
        sa.Column("availability_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("office_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "travel_mode IN ('car', 'bicycle', 'on_foot', 'public_transport')",
            name=op.f("ck_interpreters_known_travel_mode"),
        ),
        sa.CheckConstraint(
            "gender IN ('female', 'male', 'diverse')",
            name=op.f("ck_interpreters_known_gender"),
        ),
        sa.CheckConstraint(
            "employment IN ('staff', 'freelance', 'volunteer')",
            name=op.f("ck_interpreters_known_employment"),
        ),
        sa.CheckConstraint(
            "home_latitude BETWEEN -90 AND 90", name=op.f("ck_interpreters_latitude_in_degrees")
        ),
        sa.CheckConstraint(
            "home_longitude BETWEEN -180 AND 180", name=op.f("ck_interpreters_longitude_in_degrees")
        ),
        sa.CheckConstraint(
            "fee_cents_per_hour >= 0", name=op.f("ck_interpreters_fee_from_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_interpreters_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["availability_id"],
            ["availabilities.id"],
            name=op.f("fk_interpreters_availability_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreters")),
        sa.UniqueConstraint("account_id", name=op.f("uq_interpreters_account_id")),
        sa.UniqueConstraint("availability_id", name=op.f("uq_interpreters_availability_id")),
    )
    op.create_index(op.f("ix_interpreters_phone"), "interpreters", ["phone"], unique=False)
    op.create_table(
        "planning_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("floor_of", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_planning_parts_run_id")
        ),
        sa.CheckConstraint(
            "failure IN ('crashed', 'too_long', 'lost', 'contradiction')",
            name=op.f("ck_planning_parts_known_failure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_parts")),
        sa.UniqueConstraint("run_id", "question", "number", name=op.f("uq_planning_parts_run_id")),
    )
    op.create_index(op.f("ix_planning_parts_run_id"), "planning_parts", ["run_id"], unique=False)
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_browser_sessions_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_browser_sessions_key_hash")),
    )
    op.create_index(
        op.f("ix_browser_sessions_account_id"), "browser_sessions", ["account_id"], unique=False
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('draft', 'template')", name=op.f("ck_drafts_known_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_drafts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_account_id"), "drafts", ["account_id"], unique=False)
    op.create_index(op.f("ix_drafts_expires_at"), "drafts", ["expires_at"], unique=False)
    op.create_table(
        "kept_forms",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_kept_forms_account_id")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_kept_forms")),
    )
    op.create_index(op.f("ix_kept_forms_account_id"), "kept_forms", ["account_id"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_links_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_links_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_links_account_id"), "sign_in_links", ["account_id"], unique=False
    )
    op.create_table(
        "excluded_interpreters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_excluded_interpreters_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_excluded_interpreters_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excluded_interpreters")),
        sa.UniqueConstraint(
            "interpretation_request_id",
            "interpreter_id",
            "by_office",
            name=op.f("uq_excluded_interpreters_interpretation_request_id"),
        ),
    )
    op.create_index(
        op.f("ix_excluded_interpreters_interpretation_request_id"),
        "excluded_interpreters",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_table(
        "held_qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("proof_file", sa.String(), nullable=True),
        sa.Column("proof_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(proof_file IS NULL) = (proof_given_at IS NULL)",
            name=op.f("ck_held_qualifications_proof_given_at_a_time"),
        ),
        sa.CheckConstraint(
            "qualification IN ('volunteer', 'sprint', 'state_certified', 'sworn')",
            name=op.f("ck_held_qualifications_known_qualification"),
        ),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_held_qualifications_valid_from_first")
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_held_qualifications_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_qualifications")),
        sa.UniqueConstraint("proof_file", name=op.f("uq_held_qualifications_proof_file")),
    )
    op.create_index(
        op.f("ix_held_qualifications_interpreter_id"),
        "held_qualifications",
        ["interpreter_id"],
        unique=False,
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('offer', 'assignment', 'to_reconfirm')", name=op.f("ck_holds_known_cause")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_holds_ends_after_start")),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_holds_seat_from_one")),
        sa.CheckConstraint(
            "way IN ('on_site', 'video', 'telephone')", name=op.f("ck_holds_known_way")
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_holds_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_holds_interpreter_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_holds_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint(
            "interpretation_request_id", "interpreter_id", name="uq_holds_person_once_in_a_team"
        ),
        sa.UniqueConstraint("interpretation_request_id", "seat", name="uq_holds_one_for_a_seat"),
    )
    op.create_index(
        "ix_holds_of_interpreter", "holds", ["interpreter_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_holds_starts_at"), "holds", ["starts_at"], unique=False)
    op.create_table(
        "offer_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("wait_minutes", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "tier IN ('staff', 'freelance', 'volunteer', 'agency')",
            name=op.f("ck_offer_rounds_known_tier"),
        ),
        sa.CheckConstraint(
            "(strategy = 'tiers') = (wait_minutes IS NOT NULL)",
            name=op.f("ck_offer_rounds_tiers_are_waited_for"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR next_at IS NULL", name=op.f("ck_offer_rounds_goes_on_while_open")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_offer_rounds_closed_at_a_time")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'filled', 'exhausted', 'withdrawn')",
            name=op.f("ck_offer_rounds_known_state"),
        ),
        sa.CheckConstraint(
            "strategy IN ('direct', 'cascade', 'broadcast', 'tiers', 'interest')",
            name=op.f("ck_offer_rounds_known_strategy"),
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_offer_rounds_interpretation_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_rounds")),
    )
    op.create_index("ix_offer_rounds_due", "offer_rounds", ["state", "next_at"], unique=False)
    op.create_index(
        op.f("ix_offer_rounds_interpretation_request_id"),
        "offer_rounds",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_table(
        "preferred_interpreters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_preferred_interpreters_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_preferred_interpreters_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferred_interpreters")),
        sa.UniqueConstraint(
            "interpretation_request_id",
            "interpreter_id",
            name=op.f("uq_preferred_interpreters_interpretation_request_id"),
        ),
    )
    op.create_index(
        op.f("ix_preferred_interpreters_interpretation_request_id"),
        "preferred_interpreters",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_table(
        "working_languages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level BETWEEN 1 AND 5", name=op.f("ck_working_languages_level_one_to_five")
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_working_languages_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_languages")),
    )
    op.create_index(
        op.f("ix_working_languages_interpreter_id"),
        "working_languages",
        ["interpreter_id"],
        unique=False,
    )
    op.create_index(op.f("ix_working_languages_tag"), "working_languages", ["tag"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("against_wishes", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_before_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_before_token_hash", sa.String(), nullable=True),
        sa.Column("day_before_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("lasts_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'to_reconfirm', 'on_the_way', 'arrived', 'running'))"
            " = (hold_id IS NOT NULL)",
            name=op.f("ck_assignments_holds_while_to_come"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR state = 'released'",
            name=op.f("ck_assignments_withdrawn_is_released"),
        ),
        sa.CheckConstraint(
            "state IN ('confirmed', 'to_reconfirm', 'on_the_way', 'arrived', 'running', "
            "'completed', 'no_show_client', 'no_show_interpreter', 'released', 'cancelled')",
            name=op.f("ck_assignments_known_state"),
        ),
        sa.CheckConstraint(
            "late_minutes BETWEEN 1 AND 240", name=op.f("ck_assignments_late_by_minutes")
        ),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_assignments_ended_after_it_began")),
        sa.CheckConstraint(
            "way IN ('on_site', 'video', 'telephone')", name=op.f("ck_assignments_known_way")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assignments_ends_after_start")),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_assignments_seat_from_one")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_assignments_hold_id")),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_assignments_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_assignments_interpreter_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_assignments_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint(
            "day_before_token_hash", name=op.f("uq_assignments_day_before_token_hash")
        ),
        sa.UniqueConstraint("hold_id", name=op.f("uq_assignments_hold_id")),
    )
    op.create_index(
        op.f("ix_assignments_interpretation_request_id"),
        "assignments",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_index(
        "ix_assignments_of_interpreter",
        "assignments",
        ["interpreter_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_assignments_starts_at"), "assignments", ["starts_at"], unique=False)
    op.create_index(
        "uq_assignments_live_seat",
        "assignments",
        ["interpretation_request_id", "seat"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('released', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('released', 'cancelled')"),
    )
    op.create_index(
        "uq_assignments_person_once_in_a_team",
        "assignments",
        ["interpretation_request_id", "interpreter_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('released', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('released', 'cancelled')"),
    )
    op.create_table(
        "absence_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "resolution IN ('replace', 'ask', 'keep', 'cancel')",
            name=op.f("ck_absence_jobs_known_resolution"),
        ),
        sa.CheckConstraint(
            "(resolution = 'ask') = (settled_at IS NULL)",
            name=op.f("ck_absence_jobs_settled_but_while_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absences.id"], name=op.f("fk_absence_jobs_absence_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_absence_jobs_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_jobs")),
        sa.UniqueConstraint("absence_id", "assignment_id", name=op.f("uq_absence_jobs_absence_id")),
    )
    op.create_index(
        op.f("ix_absence_jobs_assignment_id"), "absence_jobs", ["assignment_id"], unique=False
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_short", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_via", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("made_way_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('to_approve', 'made') AND exclusive) = (hold_id IS NOT NULL)",
            name=op.f("ck_offers_holds_while_made"),
        ),
        sa.CheckConstraint(
            "seat IS NOT NULL OR NOT exclusive AND state <> 'accepted'",
            name=op.f("ck_offers_seat_when_it_is_sure"),
        ),
        sa.CheckConstraint(
            "state IN "
            "('to_approve', 'not_approved', 'made', 'interested', 'accepted', 'declined', "
            "'expired', 'withdrawn', 'lost')",
            name=op.f("ck_offers_known_state"),
        ),
        sa.CheckConstraint(
            "state <> 'interested' OR NOT exclusive",
            name=op.f("ck_offers_interest_holds_nothing"),
        ),
        sa.CheckConstraint(
            "way IN ('on_site', 'video', 'telephone')", name=op.f("ck_offers_known_way")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_offers_ends_after_start")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_offers_hold_id")),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_offers_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_offers_interpreter_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["offer_rounds.id"], name=op.f("fk_offers_round_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_offers_site_id")),
        sa.CheckConstraint(
            "answered_via IN ('link', 'page', 'telephone', 'calendar', 'sms', 'agreed', 'kept')",
            name=op.f("ck_offers_known_answered_via"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_offers_hold_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_offers_token_hash")),
    )
    op.create_index("ix_offers_due", "offers", ["state", "answer_by"], unique=False)
    op.create_index(
        op.f("ix_offers_interpretation_request_id"),
        "offers",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_index("ix_offers_of_interpreter", "offers", ["interpreter_id", "id"], unique=False)
    op.create_index(
        "ix_offers_of_interpreter_by_state",
        "offers",
        ["interpreter_id", "state", "made_at"],
        unique=False,
    )
    op.create_index("ix_offers_of_state_by_start", "offers", ["state", "starts_at"], unique=False)
    op.create_index(op.f("ix_offers_round_id"), "offers", ["round_id"], unique=False)
    op.create_index(
        "uq_offers_one_question",
        "offers",
        ["interpretation_request_id", "interpreter_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('to_approve', 'made', 'interested')"),
        postgresql_where=sa.text("state IN ('to_approve', 'made', 'interested')"),
    )
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("terms_number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("was_urgent", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("via", sa.String(), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_confirmations_yes_or_no")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_confirmations_answered_at_a_time"),
        ),
        sa.CheckConstraint("terms_number >= 1", name=op.f("ck_confirmations_numbered_from_one")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_confirmations_ends_after_start")),
        sa.CheckConstraint(
            "way IN ('on_site', 'video', 'telephone')", name=op.f("ck_confirmations_known_way")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_confirmations_site_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_confirmations_token_hash")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_confirmations_assignment_id")
        ),
        sa.CheckConstraint(
            "via IN ('link', 'page', 'telephone', 'calendar', 'sms', 'agreed', 'kept')",
            name=op.f("ck_confirmations_known_via"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint(
            "assignment_id", "terms_number", name=op.f("uq_confirmations_assignment_id")
        ),
    )
    op.create_index(
        op.f("ix_confirmations_answer_by"), "confirmations", ["answer_by"], unique=False
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organizer_name", sa.String(), nullable=False),
        sa.Column("organizer_address", sa.String(), nullable=False),
        sa.Column("attendee_name", sa.String(), nullable=False),
        sa.Column("attendee_address", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_sequence", sa.Integer(), nullable=True),
        sa.Column("answered_stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_standing", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "offer_id IS NOT NULL OR assignment_id IS NOT NULL",
            name=op.f("ck_invitations_of_something"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_invitations_offer_id")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_invitations_sequence_from_zero")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_invitations_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_invitations_interpreter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token", name=op.f("uq_invitations_token")),
        sa.UniqueConstraint("uid", name=op.f("uq_invitations_uid")),
    )
    op.create_index(
        "uq_invitations_one_question_in_force",
        "invitations",
        ["offer_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_index(
        op.f("ix_invitations_assignment_id"), "invitations", ["assignment_id"], unique=False
    )
    op.create_index(
        "uq_invitations_one_in_force",
        "invitations",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (site_id IS NULL)", name=op.f("ck_feeds_of_account_or_site")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_feeds_site_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_feeds_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("account_id", name=op.f("uq_feeds_account_id")),
        sa.UniqueConstraint("site_id", name=op.f("uq_feeds_site_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
    )
    op.create_table(
        "mailbox_states",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_mailbox_states")),
    )
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.CheckConstraint("how IN ('pages', 'list')", name=op.f("ck_inspections_known_how")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_inspections_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_inspections_interpreter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint(
            "interpreter_id",
            "account_id",
            "day",
            "how",
            name=op.f("uq_inspections_interpreter_id"),
        ),
    )
    op.create_index(op.f("ix_inspections_day"), "inspections", ["day"])
    op.create_table(
        "inbound_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=True),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=True),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("proposed_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_to_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('stored', 'done', 'open', 'settled')",
            name=op.f("ck_inbound_mails_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_inbound_mails_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["interpreters.id"], name=op.f("fk_inbound_mails_interpreter_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_inbound_mails_message_id")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'yes', 'no', 'could', 'repeated', 'overtaken', 'not-taken', "
            "'nothing-open', 'returned', 'delayed', 'reported', 'over', 'proposal', "
            "'proposal-before', 'wants-out', 'changed-mind', 'unclear', 'somebody-else', "
            "'one-occurrence', 'contradicts', 'unknown-entry', 'not-an-answer', 'damaged', "
            "'returned-unknown', 'too-large', 'letter')",
            name=op.f("ck_inbound_mails_known_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_inbound_mails_fingerprint")),
        sa.UniqueConstraint(
            "mailbox", "uid_validity", "uid", name=op.f("uq_inbound_mails_mailbox")
        ),
    )
    op.create_index("ix_inbound_mails_state_id", "inbound_mails", ["state", "id"], unique=False)
    op.create_index(
        op.f("ix_inbound_mails_seen_to_at"), "inbound_mails", ["seen_to_at"], unique=False
    )
    op.create_table(
        "private_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified", sa.String(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whole_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_private_calendars_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_calendars")),
    )
    op.create_index(
        op.f("ix_private_calendars_interpreter_id"),
        "private_calendars",
        ["interpreter_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_private_calendars_next_at"), "private_calendars", ["next_at"], unique=False
    )
    op.create_table(
        "wanted_numbers",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_wanted_numbers_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_wanted_numbers")),
    )
    op.create_table(
        "client_reminders",
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_client_reminders_interpretation_request_id_interpretation_requests"),
        ),
        sa.PrimaryKeyConstraint("interpretation_request_id", name=op.f("pk_client_reminders")),
    )
    op.create_index(
        op.f("ix_client_reminders_number"), "client_reminders", ["number"], unique=False
    )
    op.create_table(
        "inbound_sms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("keyword", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=True),
        sa.Column("seen_to_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('stored', 'done', 'open', 'settled')",
            name=op.f("ck_inbound_sms_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_inbound_sms_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_inbound_sms_interpretation_request_id"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'yes', 'no', 'could', 'repeated', 'not-taken', 'nothing-open', "
            "'no-question', 'asked-back', 'started', 'helped', 'not-kept', 'over', 'stopped', "
            "'client-stopped', 'wants-out', 'changed-mind', 'unclear', 'letter', 'wordless', "
            "'several-people', 'former-number', 'unknown-number')",
            name=op.f("ck_inbound_sms_known_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_sms")),
        sa.UniqueConstraint("reference", name=op.f("uq_inbound_sms_reference")),
    )
    op.create_index("ix_inbound_sms_sender_id", "inbound_sms", ["sender", "id"], unique=False)
    op.create_index("ix_inbound_sms_state_id", "inbound_sms", ["state", "id"], unique=False)
    op.create_index(op.f("ix_inbound_sms_seen_to_at"), "inbound_sms", ["seen_to_at"], unique=False)
    op.create_table(
        "cancellation_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cents_per_hour", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "minutes >= 0", name=op.f("ck_cancellation_decisions_minutes_from_nothing")
        ),
        sa.CheckConstraint(
            "amount >= 0", name=op.f("ck_cancellation_decisions_amount_from_nothing")
        ),
        sa.CheckConstraint(
            "(rule = 'late') OR (minutes = 0)",
            name=op.f("ck_cancellation_decisions_only_late_owes"),
        ),
        sa.CheckConstraint(
            "(waived_at IS NULL) = (waived_by IS NULL)",
            name=op.f("ck_cancellation_decisions_waived_by_somebody"),
        ),
        sa.CheckConstraint(
            "rule IN ('late', 'in_time', 'not_by_job')",
            name=op.f("ck_cancellation_decisions_known_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_cancellation_decisions_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_cancellation_decisions_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_cancellation_decisions_interpreter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["waived_by"], ["accounts.id"], name=op.f("fk_cancellation_decisions_waived_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation_decisions")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_cancellation_decisions_assignment_id")),
    )
    op.create_index(
        op.f("ix_cancellation_decisions_interpretation_request_id"),
        "cancellation_decisions",
        ["interpretation_request_id"],
        unique=False,
    )
    op.create_index(
        "ix_cancellation_decisions_of_interpreter",
        "cancellation_decisions",
        ["interpreter_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "ix_cancellation_decisions_starts_at",
        "cancellation_decisions",
        ["starts_at"],
        unique=False,
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('weekly', 'monthly', 'chosen')", name=op.f("ck_series_known_rhythm")
        ),
        sa.CheckConstraint("every BETWEEN 1 AND 12", name=op.f("ck_series_every_one_to_twelve")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_series_organisation_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_series_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_organisation_id"), "series", ["organisation_id"], unique=False)
    op.create_table(
        "series_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("regular_interpreter_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_series_dates_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_dates_series_id")
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_series_dates_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["regular_interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_series_dates_regular_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_dates")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_series_dates_series_id")),
        sa.UniqueConstraint(
            "interpretation_request_id", name=op.f("uq_series_dates_interpretation_request_id")
        ),
    )
    op.create_table(
        "workers",
        sa.Column("executor_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_workers")),
    )


# Guards: a table rebuilt on SQLite loses its triggers silently; dispatch.schema looks for them.
OVERLAP = """
    SELECT RAISE(ABORT, 'double booking')
    WHERE EXISTS (
        SELECT 1 FROM holds AS other
        WHERE other.interpreter_id = NEW.interpreter_id
          AND other.id <> NEW.id
          AND other.starts_at < NEW.ends_at
          AND NEW.starts_at < other.ends_at
    );
"""


def _guard_in_sqlite() -> None:
    for event in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER no_double_booking_{event.lower()} AFTER {event} ON holds "
            f"BEGIN {OVERLAP} END"
        )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER changes_no_{event.lower()} BEFORE {event} ON changes "
            "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER one_planning_run_per_day AFTER INSERT ON planning_runs "
        "WHEN NEW.state = 'running' BEGIN "
        "SELECT RAISE(ABORT, 'one_planning_run_per_day') WHERE EXISTS ("
        "SELECT 1 FROM planning_runs AS other WHERE other.id <> NEW.id "
        "AND other.state = 'running' AND other.first_day <= NEW.last_day "
        "AND NEW.first_day <= other.last_day); END"
    )


def _guard_in_postgresql() -> None:
    op.execute(
        "ALTER TABLE holds ADD CONSTRAINT no_double_booking EXCLUDE USING gist ("
        "int8range(interpreter_id, interpreter_id, '[]') WITH &&, "
        "tstzrange(starts_at, ends_at) WITH &&)"
    )
    op.execute(
        "CREATE FUNCTION refuse_to_change_the_record() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER changes_append_only BEFORE UPDATE OR DELETE ON changes "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_record()"
    )
    op.execute(
        "ALTER TABLE planning_runs ADD CONSTRAINT one_planning_run_per_day EXCLUDE USING gist ("
        "daterange(first_day, last_day, '[]') WITH &&) WHERE (state = 'running')"
    )
