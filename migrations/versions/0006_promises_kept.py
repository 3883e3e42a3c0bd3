"""Promises kept: the plan shared with its client, recap, grades, survey, notices, comments."""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('key', name=op.f('uq_notice_key'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_user_id_id', ['user_id', 'id'], unique=False)

    op.create_table('plan_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_plan_template_created_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_template'))
    )
    op.create_table('postponement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=60), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_postponement_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postponement')),
    sa.UniqueConstraint('user_id', 'line', name=op.f('uq_postponement_user_id_line'))
    )
    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('internal', sa.Boolean(), nullable=False),
    sa.Column('author_user_id', sa.Integer(), nullable=True),
    sa.Column('author_contact_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_comment_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_contact_id'], ['contact.id'], name=op.f('fk_comment_author_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['author_user_id'], ['users.id'], name=op.f('fk_comment_author_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index('ix_comment_account_id_at', ['account_id', 'at'], unique=False)
        batch_op.create_index('ix_comment_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('plan_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('duty', sa.String(length=200), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_plan_member_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_plan_member_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_plan_member_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_member'))
    )
    with op.batch_alter_table('plan_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_member_account_id'), ['account_id'], unique=False)

    op.create_table('plan_risk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('impact', sa.String(length=6), nullable=False),
    sa.Column('mitigation', sa.String(length=400), nullable=False),
    sa.Column('owner_user_id', sa.Integer(), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('internal_note', sa.Text(), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_plan_risk_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_contact_id'], ['contact.id'], name=op.f('fk_plan_risk_owner_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_user_id'], ['users.id'], name=op.f('fk_plan_risk_owner_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_risk'))
    )
    with op.batch_alter_table('plan_risk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_risk_account_id'), ['account_id'], unique=False)

    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_version_plan_id_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['published_by_id'], ['users.id'], name=op.f('fk_plan_version_published_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_plan_version_plan_id_number'))
    )
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('source_kind', sa.String(length=40), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_proposal_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_proposal_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_proposal_decided_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_account_id_state', ['account_id', 'state'], unique=False)

    op.create_table('recap',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('with_pdf', sa.Boolean(), nullable=False),
    sa.Column('with_pptx', sa.Boolean(), nullable=False),
    sa.Column('with_invite', sa.Boolean(), nullable=False),
    sa.Column('survey', sa.Boolean(), nullable=False),
    sa.Column('plan_link', sa.Boolean(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_recap_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['users.id'], name=op.f('fk_recap_sent_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_recap'))
    )
    op.create_table('recap_recipient',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_recap_recipient_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['mail_id'], ['mail.id'], name=op.f('fk_recap_recipient_mail_id_mail'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_recap_recipient_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recap_recipient_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recap_recipient')),
    sa.UniqueConstraint('review_id', 'email', name=op.f('uq_recap_recipient_review_id_email'))
    )
    op.create_table('review_survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('label', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_review_survey_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_review_survey_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_survey_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_survey')),
    sa.UniqueConstraint('label', name=op.f('uq_review_survey_label')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_review_survey_token_hash'))
    )
    with op.batch_alter_table('review_survey', schema=None) as batch_op:
        batch_op.create_index('ix_review_survey_answered_at', ['answered_at'], unique=False)
        batch_op.create_index('uq_review_survey_review_id_email', ['review_id', 'email'], unique=True)

    op.create_table('share_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_share_link_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_share_link_contact_id_contact'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_share_link_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['users.id'], name=op.f('fk_share_link_revoked_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_link')),
    sa.UniqueConstraint('label', name=op.f('uq_share_link_label')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_share_link_token_hash'))
    )
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_link_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_share_link_contact_id'), ['contact_id'], unique=False)

    op.create_table('action_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action_item.id'], name=op.f('fk_action_link_action_id_action_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_action_link_contact_id_contact'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_link')),
    sa.UniqueConstraint('action_id', 'contact_id', name=op.f('uq_action_link_action_id_contact_id')),
    sa.UniqueConstraint('label', name=op.f('uq_action_link_label')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_action_link_token_hash'))
    )
    op.create_table('action_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action_item.id'], name=op.f('fk_action_step_action_id_action_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['done_by_id'], ['users.id'], name=op.f('fk_action_step_done_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_step'))
    )
    with op.batch_alter_table('action_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_step_action_id'), ['action_id'], unique=False)

    op.create_table('objective_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('objective_id', sa.Integer(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_objective_value_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['objective_id'], ['objective.id'], name=op.f('fk_objective_value_objective_id_objective'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objective_value'))
    )
    with op.batch_alter_table('objective_value', schema=None) as batch_op:
        batch_op.create_index('ix_objective_value_objective_id_on', ['objective_id', 'measured_on'], unique=False)

    op.create_table('promise_grade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=8), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action_item.id'], name=op.f('fk_promise_grade_action_id_action_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_promise_grade_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_promise_grade_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_grade')),
    sa.UniqueConstraint('review_id', 'action_id', name=op.f('uq_promise_grade_review_id_action_id'))
    )
    op.create_table('share_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(length=10), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['share_link.id'], name=op.f('fk_share_visit_link_id_share_link'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_visit')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_share_visit_token_hash'))
    )
    with op.batch_alter_table('share_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_visit_link_id'), ['link_id'], unique=False)

    op.create_table('signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_signature_contact_id_contact'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_signature_user_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_signature_version_id_plan_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('version_id', 'contact_id', name=op.f('uq_signature_version_id_contact_id')),
    sa.UniqueConstraint('version_id', 'user_id', name=op.f('uq_signature_version_id_user_id'))
    )
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('done_by_contact_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('serves_kind', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('serves_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('carried_to_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_action_item_owner_user_id_state_due_on', ['owner_user_id', 'state', 'due_on'], unique=False)
        batch_op.create_index('ix_action_item_source', ['source_kind', 'source_id'], unique=False)
        batch_op.create_index('ix_action_item_state_due_on', ['state', 'due_on'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_action_item_done_by_contact_id_contact'), 'contact', ['done_by_contact_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.add_column(sa.Column('detail', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('owner_user_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('owner_contact_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('internal_note', sa.Text(), nullable=False, server_default=''))
        batch_op.create_foreign_key(batch_op.f('fk_milestone_owner_user_id_users'), 'users', ['owner_user_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_milestone_owner_contact_id_contact'), 'contact', ['owner_contact_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quote', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('source', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('owner_user_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('owner_contact_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('internal_note', sa.Text(), nullable=False, server_default=''))
        batch_op.create_foreign_key(batch_op.f('fk_objective_owner_contact_id_contact'), 'contact', ['owner_contact_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_objective_owner_user_id_users'), 'users', ['owner_user_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('internal_note', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agenda_shared_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('phone', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('digest', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('digest_hour', sa.Integer(), nullable=False, server_default='8'))
        batch_op.add_column(sa.Column('muted', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('calendar_hash', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_users_calendar_hash'), ['calendar_hash'])
    _keep_values()


def _keep_values() -> None:
    """The value that each objective has today is the first of its history."""
    objective = sa.table('objective', sa.column('id', sa.Integer), sa.column('current', sa.Float), sa.column('current_on', sa.Date))
    value = sa.table(
        'objective_value',
        sa.column('objective_id', sa.Integer),
        sa.column('measured_on', sa.Date),
        sa.column('value', sa.Float),
        sa.column('source', sa.String),
        sa.column('at', sa.DateTime(timezone=True)),
    )
    measured = sa.select(objective).where(objective.c.current.is_not(None), objective.c.current_on.is_not(None))
    for row in op.get_bind().execute(measured).all():
        at = datetime.combine(row.current_on, time(), UTC)
        written = {'objective_id': row.id, 'measured_on': row.current_on, 'value': row.current, 'source': '', 'at': at}
        op.execute(sa.insert(value).values(**written))


def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_users_calendar_hash'), type_='unique')
        batch_op.drop_column('calendar_hash')
        batch_op.drop_column('muted')
        batch_op.drop_column('digest_hour')
        batch_op.drop_column('digest')
        batch_op.drop_column('phone')
        batch_op.drop_column('title')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_column('closed_at')
        batch_op.drop_column('agenda_shared_at')

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_column('internal_note')
        batch_op.drop_column('title')

    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_objective_owner_user_id_users'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_objective_owner_contact_id_contact'), type_='foreignkey')
        batch_op.drop_column('internal_note')
        batch_op.drop_column('owner_contact_id')
        batch_op.drop_column('owner_user_id')
        batch_op.drop_column('source')
        batch_op.drop_column('quote')

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_milestone_owner_contact_id_contact'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_milestone_owner_user_id_users'), type_='foreignkey')
        batch_op.drop_column('internal_note')
        batch_op.drop_column('owner_contact_id')
        batch_op.drop_column('owner_user_id')
        batch_op.drop_column('detail')

    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_action_item_done_by_contact_id_contact'), type_='foreignkey')
        batch_op.drop_index('ix_action_item_state_due_on')
        batch_op.drop_index('ix_action_item_source')
        batch_op.drop_index('ix_action_item_owner_user_id_state_due_on')
        batch_op.drop_column('carried_to_id')
        batch_op.drop_column('serves_id')
        batch_op.drop_column('serves_kind')
        batch_op.drop_column('note')
        batch_op.drop_column('done_by_contact_id')

    op.drop_table('signature')
    with op.batch_alter_table('share_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_share_visit_link_id'))

    op.drop_table('share_visit')
    op.drop_table('promise_grade')
    with op.batch_alter_table('objective_value', schema=None) as batch_op:
        batch_op.drop_index('ix_objective_value_objective_id_on')

    op.drop_table('objective_value')
    with op.batch_alter_table('action_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_step_action_id'))

    op.drop_table('action_step')
    op.drop_table('action_link')
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_share_link_contact_id'))
        batch_op.drop_index(batch_op.f('ix_share_link_account_id'))

    op.drop_table('share_link')
    with op.batch_alter_table('review_survey', schema=None) as batch_op:
        batch_op.drop_index('uq_review_survey_review_id_email')
        batch_op.drop_index('ix_review_survey_answered_at')

    op.drop_table('review_survey')
    op.drop_table('recap_recipient')
    op.drop_table('recap')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index('ix_proposal_account_id_state')

    op.drop_table('proposal')
    op.drop_table('plan_version')
    with op.batch_alter_table('plan_risk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_risk_account_id'))

    op.drop_table('plan_risk')
    with op.batch_alter_table('plan_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_member_account_id'))

    op.drop_table('plan_member')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_subject')
        batch_op.drop_index('ix_comment_account_id_at')

    op.drop_table('comment')
    op.drop_table('postponement')
    op.drop_table('plan_template')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_user_id_id')

    op.drop_table('notice')
