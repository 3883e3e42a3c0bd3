"""Signals, recommendations, next reviews, churn models; and their columns on the card."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('churn_model',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fitted_by_id', sa.Integer(), nullable=True),
    sa.Column('coefficients', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_by_id', sa.Integer(), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['adopted_by_id'], ['users.id'], name=op.f('fk_churn_model_adopted_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['fitted_by_id'], ['users.id'], name=op.f('fk_churn_model_fitted_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_churn_model'))
    )
    op.create_table('advice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('cause', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('impact_cents', sa.BigInteger(), nullable=True),
    sa.Column('proposed_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('postponed_until', sa.Date(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('outcome_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_advice_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_advice_decided_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice'))
    )
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.create_index('ix_advice_account_id_proposed_on', ['account_id', 'proposed_on'], unique=False)
        batch_op.create_index('ix_advice_rule_state', ['rule', 'state'], unique=False)
        batch_op.create_index('uq_advice_live', ['account_id', 'rule', 'cause'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))

    op.create_table('next_review',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('computed_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_next_review_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_next_review'))
    )
    with op.batch_alter_table('next_review', schema=None) as batch_op:
        batch_op.create_index('ix_next_review_due_on', ['due_on'], unique=False)

    op.create_table('review_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_review_override_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_review_override_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_override'))
    )
    with op.batch_alter_table('review_override', schema=None) as batch_op:
        batch_op.create_index('uq_review_override_live', ['account_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('cause', sa.String(length=120), nullable=False),
    sa.Column('severity', sa.String(length=6), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('value_cents', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('resolved_on', sa.Date(), nullable=True),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signal_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_signal_decided_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['users.id'], name=op.f('fk_signal_noted_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal'))
    )
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.create_index('ix_signal_account_id_opened_on', ['account_id', 'opened_on'], unique=False)
        batch_op.create_index('ix_signal_state_kind_account_id', ['state', 'kind', 'account_id'], unique=False)
        batch_op.create_index('uq_signal_live', ['account_id', 'kind', 'cause'], unique=True, sqlite_where=sa.text('resolved_on IS NULL'), postgresql_where=sa.text('resolved_on IS NULL'))

    op.create_table('contact_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('role_before', sa.String(length=20), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_contact_change_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contact_change_contact_id_contact'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_change')),
    sa.UniqueConstraint('contact_id', 'kind', 'date', name=op.f('uq_contact_change_contact_id_kind_date'))
    )
    with op.batch_alter_table('contact_change', schema=None) as batch_op:
        batch_op.create_index('ix_contact_change_account_id_date', ['account_id', 'date'], unique=False)

    op.create_table('loss_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('renewal_id', sa.Integer(), nullable=True),
    sa.Column('cause', sa.String(length=30), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_loss_note_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_loss_note_author_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['renewal_id'], ['renewal.id'], name=op.f('fk_loss_note_renewal_id_renewal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loss_note')),
    sa.UniqueConstraint('account_id', 'renewal_id', name=op.f('uq_loss_note_account_id_renewal_id'))
    )

    with op.batch_alter_table('account_card', schema=None) as batch_op:
        batch_op.add_column(sa.Column('churn', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('churn_change', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('next_review_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('next_review_kind', sa.String(length=4), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('next_review_reason', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('next_review_late', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('next_review_planned', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('risk_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('risk_top', sa.String(length=30), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('risk_severity', sa.String(length=6), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('opportunity_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('opportunity_top', sa.String(length=30), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('at_risk', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('expected_loss_cents', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_account_card_at_risk_renewal_date_account_id', ['at_risk', 'renewal_date', 'account_id'], unique=False)
        batch_op.create_index('ix_account_card_churn_account_id', ['churn', 'account_id'], unique=False)
        batch_op.create_index('ix_account_card_next_review_on_account_id', ['next_review_on', 'account_id'], unique=False)
        batch_op.create_index('ix_account_card_next_review', ['next_review_late', 'next_review_on', 'account_id', 'next_review_planned', 'owner_id'], unique=False)
        batch_op.create_index('ix_account_card_opportunity_count_account_id', ['opportunity_count', 'account_id'], unique=False)
        batch_op.create_index('ix_account_card_risk_count_account_id', ['risk_count', 'account_id'], unique=False)

    with op.batch_alter_table('health_snapshot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('inputs', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('churn', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('churn_factors', sa.JSON(), nullable=False, server_default='[]'))

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('urgent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('held_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('cancel_reason', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('source_kind', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('source_id', sa.Integer(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_column('source_id')
        batch_op.drop_column('source_kind')
        batch_op.drop_column('cancel_reason')
        batch_op.drop_column('held_on')
        batch_op.drop_column('urgent')
        batch_op.drop_column('due_on')

    with op.batch_alter_table('health_snapshot', schema=None) as batch_op:
        batch_op.drop_column('churn_factors')
        batch_op.drop_column('churn')
        batch_op.drop_column('inputs')

    with op.batch_alter_table('account_card', schema=None) as batch_op:
        batch_op.drop_index('ix_account_card_risk_count_account_id')
        batch_op.drop_index('ix_account_card_opportunity_count_account_id')
        batch_op.drop_index('ix_account_card_next_review')
        batch_op.drop_index('ix_account_card_next_review_on_account_id')
        batch_op.drop_index('ix_account_card_churn_account_id')
        batch_op.drop_index('ix_account_card_at_risk_renewal_date_account_id')
        batch_op.drop_column('expected_loss_cents')
        batch_op.drop_column('at_risk')
        batch_op.drop_column('opportunity_top')
        batch_op.drop_column('opportunity_count')
        batch_op.drop_column('risk_severity')
        batch_op.drop_column('risk_top')
        batch_op.drop_column('risk_count')
        batch_op.drop_column('next_review_planned')
        batch_op.drop_column('next_review_late')
        batch_op.drop_column('next_review_reason')
        batch_op.drop_column('next_review_kind')
        batch_op.drop_column('next_review_on')
        batch_op.drop_column('churn_change')
        batch_op.drop_column('churn')

    op.drop_table('loss_note')
    with op.batch_alter_table('contact_change', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_change_account_id_date')

    op.drop_table('contact_change')
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.drop_index('uq_signal_live', sqlite_where=sa.text('resolved_on IS NULL'), postgresql_where=sa.text('resolved_on IS NULL'))
        batch_op.drop_index('ix_signal_state_kind_account_id')
        batch_op.drop_index('ix_signal_account_id_opened_on')

    op.drop_table('signal')
    with op.batch_alter_table('review_override', schema=None) as batch_op:
        batch_op.drop_index('uq_review_override_live', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('review_override')
    with op.batch_alter_table('next_review', schema=None) as batch_op:
        batch_op.drop_index('ix_next_review_due_on')

    op.drop_table('next_review')
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.drop_index('uq_advice_live', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index('ix_advice_rule_state')
        batch_op.drop_index('ix_advice_account_id_proposed_on')

    op.drop_table('advice')
    op.drop_table('churn_model')
